-- Purpose: every table of results.duckdb. docs/schema.md is generated from the comments here:
-- a comment line before a table describes it, one after a column describes the column.

-- The version of this schema. A database of a newer version is refused.
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER NOT NULL -- whole number, grows with every change
);

-- A planned set of trials: what one session was asked to do.
CREATE TABLE IF NOT EXISTS experiment (
    experiment_id VARCHAR PRIMARY KEY, -- time and random letters
    created_at TIMESTAMPTZ NOT NULL, -- when the plan was made
    command VARCHAR NOT NULL, -- bench, claims, compare, regress, series, soak, survey, selfbench, validate
    size VARCHAR NOT NULL, -- full or quick; quick is for a first look
    factor VARCHAR NOT NULL, -- what is compared within the experiment; none for a single arm
    seed BIGINT NOT NULL, -- seed of every random choice
    options VARCHAR NOT NULL, -- JSON: the options as parsed, enough to run it again
    harness_version VARCHAR NOT NULL, -- version of this project
    harness_commit VARCHAR NOT NULL -- git commit of the harness, or unreadable
);

-- One execution of a scenario for one arm: fresh broker, workers and producer. One transaction each.
CREATE TABLE IF NOT EXISTS trial (
    trial_id VARCHAR PRIMARY KEY, -- experiment and position
    experiment_id VARCHAR NOT NULL, -- its experiment
    block INTEGER NOT NULL, -- every arm once; counted from 1
    position INTEGER NOT NULL, -- place in the order of execution, counted from 1
    arm_number INTEGER NOT NULL, -- which arm of the experiment, counted from 1
    variant VARCHAR NOT NULL, -- a variant of the framework's workers, for example threads; empty: the usual one
    scenario VARCHAR NOT NULL, -- file name in scenarios/
    point VARCHAR NOT NULL, -- which of the scenario's loads or settings, for example load 0.5; empty where there is one
    point_number INTEGER NOT NULL, -- its place among them, counted from 1
    load_fraction DOUBLE, -- offered load as a share of capacity; NULL for a backlog
    capacity DOUBLE, -- measured drain rate that the fraction refers to, tasks/s
    framework VARCHAR NOT NULL, -- asynctasq, celery, raw, stub
    framework_version VARCHAR NOT NULL, -- as pinned
    python_version VARCHAR NOT NULL, -- as the cell reports it, for example 3.12.1
    broker VARCHAR NOT NULL, -- redis, postgresql, mysql, rabbitmq, sqs, stub; with relaxed after it where its durability is
    provider VARCHAR NOT NULL, -- embedded, native, docker or url
    broker_version VARCHAR, -- as the server reports it; NULL when it never started
    broker_config_hash VARCHAR, -- SHA-256 of the server's configuration without ports and paths
    topology_profile VARCHAR NOT NULL, -- matched, default or tuned
    topology_source VARCHAR, -- where the profile's settings come from
    processes INTEGER, -- worker processes asked
    concurrency INTEGER, -- tasks at a time asked of each
    prefetch INTEGER, -- tasks the arm may have reserved
    acks VARCHAR, -- late or early
    purpose VARCHAR NOT NULL, -- measure, calibrate, pilot, broken (it was run again), search (for the rate that holds an SLO), py-spy, memray, selfbench; only measure gives timings
    seed BIGINT NOT NULL, -- seed of this trial's random choices
    workload_hash VARCHAR NOT NULL, -- what was done, in two halves of 32 digits: SHA-256 of scenario, sizes and load code, and of the adapter
    lock_hash VARCHAR NOT NULL, -- SHA-256 of the cell's lock file
    status VARCHAR NOT NULL, -- ok, invalid, failed, or gap: the framework cannot do it
    reason VARCHAR, -- why it is not ok, or broken where it is; several reasons are joined by semicolons
    remarks VARCHAR, -- flags that do not void it
    log_tail VARCHAR, -- the end of the workers' (and a dead broker's) log unless ok
    started_at TIMESTAMPTZ NOT NULL, -- wall clock
    duration_s DOUBLE -- from start to everything stopped; NULL when the harness died
);

-- One attempt of one load task; a task without an attempt has one row with attempt 0.
CREATE TABLE IF NOT EXISTS task_record (
    trial_id VARCHAR NOT NULL, -- its trial
    seq BIGINT NOT NULL, -- the task's number, from 0
    attempt INTEGER NOT NULL, -- 1, 2, … by start time; 0: never executed
    kind VARCHAR NOT NULL, -- which body: noop, nap, gate
    intended_ns BIGINT, -- when the schedule wanted it sent (closed loop: when it was sent)
    send_ns BIGINT, -- the enqueue call began
    ack_ns BIGINT, -- the enqueue call returned
    start_ns BIGINT, -- the body began
    end_ns BIGINT, -- the body ended
    worker_pid INTEGER, -- process that executed it
    outcome VARCHAR NOT NULL -- ok, failed, lost (acknowledged, never executed), refused (the send raised), or unknown (executed, never issued)
);

-- The same for tasks before the load: readiness, warm-up and gate tasks. Never part of a figure.
CREATE TABLE IF NOT EXISTS warmup_record (
    trial_id VARCHAR NOT NULL, -- its trial
    phase VARCHAR NOT NULL, -- ready, warmup, gate or held (at a depth, after the load)
    seq BIGINT NOT NULL, -- the task's number within the phase
    attempt INTEGER NOT NULL, -- as in task_record
    kind VARCHAR NOT NULL, -- which body
    intended_ns BIGINT, -- as in task_record
    send_ns BIGINT, -- as in task_record
    ack_ns BIGINT, -- as in task_record
    start_ns BIGINT, -- as in task_record
    end_ns BIGINT, -- as in task_record
    worker_pid INTEGER, -- as in task_record
    outcome VARCHAR NOT NULL -- as in task_record
);

-- An event of a load task, as the framework's stream told it (scenario events).
CREATE TABLE IF NOT EXISTS event_record (
    trial_id VARCHAR NOT NULL, -- its trial
    seq BIGINT NOT NULL, -- the task's number, as in task_record
    event VARCHAR NOT NULL, -- started or succeeded
    heard_ns BIGINT NOT NULL -- when the listener had it, CLOCK_MONOTONIC
);

-- The framework's enqueue call within a request of a web application (scenario fastapi), where task_record has the request itself as send and ack.
CREATE TABLE IF NOT EXISTS request_record (
    trial_id VARCHAR NOT NULL, -- its trial
    seq BIGINT NOT NULL, -- the task's number, as in task_record
    send_ns BIGINT NOT NULL, -- the call began
    ack_ns BIGINT NOT NULL -- the call returned
);

-- What a long trial kept every minute while it ran (scenario soak); there however the trial ended.
CREATE TABLE IF NOT EXISTS checkpoint (
    trial_id VARCHAR NOT NULL, -- its trial
    number INTEGER NOT NULL, -- which checkpoint of the trial, from 1
    at_ns BIGINT NOT NULL, -- CLOCK_MONOTONIC
    name VARCHAR NOT NULL, -- docs/metrics.md defines them
    value DOUBLE NOT NULL, -- in the unit beside it
    unit VARCHAR NOT NULL -- as in metric
);

-- CPU and memory of a role's processes, twice a second.
CREATE TABLE IF NOT EXISTS resource_sample (
    trial_id VARCHAR NOT NULL, -- its trial
    at_ns BIGINT NOT NULL, -- CLOCK_MONOTONIC, as in task_record
    role VARCHAR NOT NULL, -- producer, workers, broker; api, web, listener where a scenario has one
    processes INTEGER NOT NULL, -- processes alive
    cpu_s DOUBLE NOT NULL, -- CPU seconds since they began, exited children included
    pss_bytes BIGINT, -- sum of proportional set sizes
    rss_bytes BIGINT -- sum of resident set sizes (counts shared pages again for every process)
);

-- Tasks at the broker, five times a second.
CREATE TABLE IF NOT EXISTS depth_sample (
    trial_id VARCHAR NOT NULL, -- its trial
    at_ns BIGINT NOT NULL, -- CLOCK_MONOTONIC
    pending BIGINT NOT NULL, -- waiting
    in_flight BIGINT NOT NULL, -- reserved by workers, not acknowledged
    delayed BIGINT NOT NULL -- waiting for their time
);

-- One number of one trial.
CREATE TABLE IF NOT EXISTS metric (
    trial_id VARCHAR NOT NULL, -- its trial
    name VARCHAR NOT NULL, -- docs/metrics.md defines them
    value DOUBLE NOT NULL, -- in the unit beside it
    unit VARCHAR NOT NULL -- tasks/s, ms, us, s, bytes, tasks, pairs, cores, 1, %, records/s, stamps
);

-- What an interleaved experiment lets us say about one metric of two arms (docs/method.md, section 6).
CREATE TABLE IF NOT EXISTS verdict (
    experiment_id VARCHAR NOT NULL, -- its experiment
    scenario VARCHAR NOT NULL, -- its scenario
    point VARCHAR NOT NULL, -- its load or setting, as in trial
    point_number INTEGER NOT NULL, -- as in trial
    metric VARCHAR NOT NULL, -- a primary metric of the scenario
    baseline_arm INTEGER NOT NULL, -- the arm below the line, as in trial
    candidate_arm INTEGER NOT NULL, -- the arm above the line
    baseline VARCHAR NOT NULL, -- its name
    candidate VARCHAR NOT NULL, -- its name
    kind VARCHAR NOT NULL, -- invalid, faster, slower, equivalent, faster_uncertain, slower_uncertain, inconclusive
    margin DOUBLE NOT NULL, -- as a share: 0.05 for 5 %
    ratio DOUBLE, -- candidate / baseline, Hodges-Lehmann; NULL when invalid
    low DOUBLE, -- 95 % interval of the ratio
    high DOUBLE, -- its upper end
    low90 DOUBLE, -- 90 % interval of the ratio
    high90 DOUBLE, -- its upper end
    n INTEGER NOT NULL, -- blocks behind it
    p DOUBLE, -- exact signed-rank p
    p_holm DOUBLE, -- the same after Holm over the experiment's primary family
    sensitivity DOUBLE, -- the difference that could have been seen among all claims, as a share; NULL: none could
    needed_blocks INTEGER, -- blocks that this spread asks for to see half the margin
    sentence VARCHAR NOT NULL, -- all of it in words
    cliffs_delta DOUBLE, -- P(candidate > baseline) - P(candidate < baseline) over all pairs of blocks; a description
    hedges_g DOUBLE, -- difference of means in units of the spread between blocks; a description
    cross_check VARCHAR -- in words, where the paired t interval disagrees, neighbouring blocks are alike or one arm is skewed; else NULL
);

-- Where a version series most likely changes level: a candidate until a fresh experiment confirms it.
CREATE TABLE IF NOT EXISTS change_point (
    experiment_id VARCHAR NOT NULL, -- its experiment
    scenario VARCHAR NOT NULL, -- its scenario
    point VARCHAR NOT NULL, -- its load or setting, as in trial
    point_number INTEGER NOT NULL, -- as in trial
    metric VARCHAR NOT NULL, -- a primary metric of the scenario
    before_arm INTEGER NOT NULL, -- the last arm of the old level
    after_arm INTEGER NOT NULL, -- the first arm of the new level
    before VARCHAR NOT NULL, -- its name
    after VARCHAR NOT NULL, -- its name
    ratio DOUBLE NOT NULL, -- new level / old level: geometric means over versions and blocks of each side
    p DOUBLE NOT NULL, -- that the order of versions does not matter, by permutation within blocks, over all metrics; in a series also that two neighbours are alike
    sentence VARCHAR NOT NULL -- all of it in words
);

-- One check with which the harness proves itself (docs/method.md, section 9).
CREATE TABLE IF NOT EXISTS proof (
    experiment_id VARCHAR NOT NULL, -- the validate session
    position INTEGER NOT NULL, -- place in the session, counted from 1
    name VARCHAR NOT NULL, -- which check
    found DOUBLE NOT NULL, -- what came out, in the unit beside it
    unit VARCHAR NOT NULL, -- %, false alarms, wrong verdicts, detections, covered, faults, stamps, mutations, plans
    bar DOUBLE NOT NULL, -- what it is held against
    at_most BOOLEAN NOT NULL, -- whether the bar is a most or a least
    passed BOOLEAN NOT NULL, -- whether it was met
    seconds DOUBLE NOT NULL, -- how long the check took
    sentence VARCHAR NOT NULL -- what was done, in words
);

-- What a worker was asked to be and what it says it is.
CREATE TABLE IF NOT EXISTS setting (
    trial_id VARCHAR NOT NULL, -- its trial
    pid INTEGER, -- the process that read it back; NULL: nobody did
    source VARCHAR, -- main (the worker's main process) or task (a process that executes tasks)
    name VARCHAR NOT NULL, -- pool, processes, concurrency, prefetch, acks, versions, …
    asked VARCHAR, -- JSON; NULL when it was only read back
    effective VARCHAR -- JSON; NULL when nobody read it back
);

-- A profiler pass and its files.
CREATE TABLE IF NOT EXISTS profile (
    trial_id VARCHAR NOT NULL, -- its trial
    tool VARCHAR NOT NULL, -- py-spy or memray
    status VARCHAR NOT NULL, -- ok, or profiler_unavailable
    reason VARCHAR, -- why it may not attach, or what went wrong
    pid INTEGER, -- the worker it looked at
    samples BIGINT, -- py-spy: stack samples; memray: allocations recorded
    peak_bytes BIGINT, -- memray: peak of the heap
    files VARCHAR -- JSON list of paths from the database's folder: profiles/TRIAL/NAME
);

-- Folded stacks of a profiler pass: a flamegraph is a query over this table.
CREATE TABLE IF NOT EXISTS stack (
    trial_id VARCHAR NOT NULL, -- its trial
    tool VARCHAR NOT NULL, -- py-spy or memray
    frames VARCHAR NOT NULL, -- outermost first, joined by semicolons
    value BIGINT NOT NULL, -- samples or bytes
    unit VARCHAR NOT NULL -- samples, or bytes at the memory peak
);

-- Where the memory went at the peak: top allocations of a memray pass, by place in the code.
CREATE TABLE IF NOT EXISTS allocation (
    trial_id VARCHAR NOT NULL, -- its trial
    function VARCHAR NOT NULL, -- innermost Python function
    file VARCHAR NOT NULL, -- its file
    line INTEGER NOT NULL, -- its line
    bytes BIGINT NOT NULL, -- allocated there and alive at the peak
    count BIGINT NOT NULL -- number of such allocations
);

-- What surrounded a trial (docs/method.md, section 8). unreadable is a value.
CREATE TABLE IF NOT EXISTS environment (
    trial_id VARCHAR NOT NULL, -- its trial
    name VARCHAR NOT NULL, -- cpu_model, cores, kernel, clock_source, psi_percent, …
    value VARCHAR NOT NULL -- as read
);

-- Every package of a cell, as installed.
CREATE TABLE IF NOT EXISTS package (
    experiment_id VARCHAR NOT NULL, -- the experiment it was installed for
    framework VARCHAR NOT NULL, -- the cell's framework
    framework_version VARCHAR NOT NULL, -- and its version
    python_version VARCHAR NOT NULL, -- and its Python
    name VARCHAR NOT NULL, -- distribution
    version VARCHAR NOT NULL -- installed version
);
