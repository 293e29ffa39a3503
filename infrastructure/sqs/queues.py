"""Queues of SQS by name, and the messages that they hold."""

from typing import Any

from botocore.exceptions import ClientError

ATTRIBUTE = {
    "pending": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}
NO_QUEUE = {"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"}


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def url_of(client: Any, name: str) -> str | None:
    """A queue's address; None when there is no such queue."""
    try:
        return str(client.get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError as error:
        if code_of(error) in NO_QUEUE:
            return None
        raise


def counts_of(client: Any, name: str, urls: dict[str, str]) -> dict[str, int]:
    """Messages of a queue by state, empty when there is no such queue; ``urls`` remembers."""
    queue = urls.get(name) or url_of(client, name)
    if queue is None:
        return {}
    urls[name] = queue
    try:
        answer = client.get_queue_attributes(
            QueueUrl=queue, AttributeNames=list(ATTRIBUTE.values())
        )
    except ClientError as error:
        if code_of(error) not in NO_QUEUE:
            raise
        urls.pop(name, None)  # deleted since
        return {}
    return {kind: int(answer["Attributes"][key]) for kind, key in ATTRIBUTE.items()}
