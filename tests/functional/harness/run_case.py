"""A test case with one task, one repository and runtimes that are scripts."""

from .case import DaemonCase

GREETS = "#!/bin/sh\ntest \"$(cat greeting.txt)\" = 'hello world'\n"


class RunCase(DaemonCase):
    def begin(self, config: str):
        self.started = self.daemon(config).start()
        self.client = self.started.client
        self.user = self.repo({"test.sh": GREETS})
        self.made = self.create(self.client, "say hello world")

    def run_on(self, name: str, client=None, **fields):
        body = {"taskId": self.made["id"], "assigneeAgentId": name, "repoPath": str(self.user.path), **fields}
        return (client or self.client).post(f"/api/runtimes/{name}/run", body)

    def status(self) -> str:
        return self.task(self.client, self.made["id"])["status"]

    def executions(self):
        return self.client.get(f"/api/board/{self.made['id']}/executions").json["executions"]

    def workspace(self):
        return self.answers(self.client.get(f"/api/board/{self.made['id']}/workspace"), 200)
