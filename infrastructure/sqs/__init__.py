"""SQS: a private emulator (fauxqs, on the Node.js of a wheel), or a given endpoint.

Queues are standard ones with the service's defaults: a message that is received stays hidden for
30 s, unless the framework says otherwise.
"""

from infrastructure.sqs.address import URL
from infrastructure.sqs.given import BY_NAME, connect
from infrastructure.sqs.program import PROVIDERS, find, program_version
from infrastructure.sqs.start import RELAXED, start_server

__all__ = ["BY_NAME", "PROVIDERS", "RELAXED", "URL"]
__all__ += ["connect", "find", "program_version", "start_server"]
