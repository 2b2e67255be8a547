from temporalio.worker import Worker

from temporal_app.workflows import Pay, Pinned


def make(client):
    return Worker(client, task_queue="q", workflows=[Pay, Pinned])
