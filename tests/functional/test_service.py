"""batond as a service: its command line, its configuration, its state directory, its start and its end."""

import os
import re
import signal
import socket
import sqlite3
import subprocess

from harness import BATOND, PLUGINS, DaemonCase, runtime, wait_until
from harness.daemon import ROOT, clean_environment

CONFIG_ERROR = 78  # EX_CONFIG: the service manager does not start it again


class CommandLine(DaemonCase):
    def batond(self, *arguments):
        return subprocess.run(
            [BATOND, *map(str, arguments)],
            env=clean_environment(self.directory),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_says_its_version(self):
        result = self.batond("--version")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"^batond \d+\.\d+\.\d+")

    def test_help_names_every_option(self):
        result = self.batond("--help")
        self.assertEqual(result.returncode, 0)
        for option in ("--config", "--state", "--listen", "--socket", "--plugins", "--check-config", "--version"):
            self.assertIn(option, result.stdout)

    def test_an_unknown_option_is_refused_by_name(self):
        result = self.batond("--fly")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("--fly", result.stderr)

    def test_a_wrong_address_is_refused_by_name(self):
        for address in ("nonsense", "127.0.0.1:99999", "127.0.0.1", ":"):
            with self.subTest(address=address):
                result = self.batond("--state", self.directory / "s", "--listen", address)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(address, result.stderr)


class Configuration(DaemonCase):
    def test_a_good_one_passes_the_check_and_starts_nothing(self):
        daemon = self.daemon('[gate]\ncommand = "./test.sh"\ntimeout_s = 5\n')
        result = daemon.run("--check-config")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertFalse((daemon.state / "batond.lock").exists())

    def test_a_bad_one_is_78_and_names_file_and_line(self):
        for config, line, words in (
            ("\n[gate\n", 2, ""),
            ("[gate]\n\ncomand = 'x'\n", 3, "comand"),
            ("[gate]\ntimeout_s = 'soon'\n", 2, "timeout_s"),
            ("[gates]\n", 1, "gates"),
            ("[[runtime]]\nplugin = 'org.baton.command'\n", 1, "id"),
        ):
            with self.subTest(config=config):
                daemon = self.daemon(config)
                for arguments in (("--check-config",), ()):
                    result = daemon.run(*arguments)
                    self.assertEqual(result.returncode, CONFIG_ERROR, result.stderr)
                    self.assertIn(f"{daemon.config}:{line}", result.stderr)
                    self.assertIn(words, result.stderr)

    def test_the_example_is_valid_with_and_without_its_comments(self):
        example = (ROOT / "packaging/baton.toml").read_text()
        settings = re.sub(r"^#(?! |$)", "", example, flags=re.MULTILINE)
        self.assertNotEqual(example, settings)
        for text in (example, settings):
            result = self.daemon(text).run("--check-config")
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_file_that_is_not_there_is_78(self):
        daemon = self.daemon()
        daemon.config.unlink()
        result = daemon.run("--check-config")
        self.assertEqual(result.returncode, CONFIG_ERROR)
        self.assertIn(str(daemon.config), result.stderr)


class Plugins(DaemonCase):
    def test_a_directory_of_the_command_line_comes_beside_the_configured_ones(self):
        (self.directory / "mine").mkdir()
        (self.directory / "mine/mine.so").write_text("no library\n")
        script = self.script("work.sh", "true\n")
        config = f'[plugins]\ndirectories = ["{PLUGINS}"]\n' + runtime("alpha", script)
        daemon = self.daemon(config).start("--plugins", str(self.directory / "mine"))
        self.assertIn("mine.so", daemon.log())
        (found,) = daemon.client.get("/api/runtimes").json["runtimes"]
        self.assertEqual((found["id"], found["installed"]), ("alpha", True))


class State(DaemonCase):
    def test_a_second_daemon_is_refused_and_the_holder_named(self):
        daemon = self.daemon().start()
        result = daemon.run()
        self.assertNotIn(result.returncode, (0, CONFIG_ERROR))
        self.assertIn(str(daemon.process.pid), result.stderr)
        self.assertIn(str(daemon.state), result.stderr)
        self.answers(daemon.client.get("/api/board"), 200)

    def test_a_killed_daemon_leaves_no_lock_behind(self):
        daemon = self.daemon().start()
        daemon.kill()
        self.answers(daemon.start().client.get("/api/board"), 200)
        self.answers(daemon.unix_client.get("/api/board"), 200)

    def test_a_newer_database_is_refused_and_left_alone(self):
        daemon = self.daemon().start()
        self.create(daemon.client, "kept")
        daemon.terminate()
        (database,) = daemon.state.glob("*.db")
        with sqlite3.connect(database) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            self.assertGreater(version, 0)
            connection.execute("PRAGMA user_version = 9999")
        connection.close()
        result = daemon.run()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("9999", result.stderr)
        with sqlite3.connect(database) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        titles = [task["title"] for task in daemon.start().client.get("/api/board").json["tasks"]]
        self.assertEqual(titles, ["kept"])

    def test_a_file_that_is_no_database_is_refused_and_left_alone(self):
        daemon = self.daemon().start()
        daemon.terminate()
        (database,) = daemon.state.glob("*.db")
        for leftover in daemon.state.glob("*.db-*"):
            leftover.unlink()
        text = b"this is a letter, not a database\n" * 200
        database.write_bytes(text)
        result = daemon.run()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(database.name, result.stderr)
        self.assertEqual(database.read_bytes(), text)

    def test_the_state_is_private(self):
        daemon = self.daemon().start()
        self.assertEqual(daemon.state.stat().st_mode & 0o077, 0)
        self.assertEqual((daemon.state / "batond.sock").stat().st_mode & 0o177, 0)

    def test_a_state_that_cannot_be_made_is_refused_by_name(self):
        daemon = self.daemon()
        daemon.state.write_text("a file\n")
        result = daemon.run()
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(daemon.state), result.stderr)


class Doors(DaemonCase):
    def test_answers_on_every_address_and_on_the_socket(self):
        daemon = self.daemon().start("--listen", "127.0.0.1:0")
        self.create(daemon.unix_client, "by socket")
        self.assertEqual(daemon.client.get("/api/board").json["tasks"][0]["title"], "by socket")
        self.assertEqual(daemon.log().count("listening on http://127.0.0.1:"), 2)

    def test_the_socket_lies_where_it_is_told(self):
        path = self.directory / "elsewhere.sock"
        daemon = self.daemon().start("--socket", str(path))
        self.assertTrue(path.is_socket())
        self.assertFalse((daemon.state / "batond.sock").exists())

    def test_the_socket_is_open_to_whom_the_configuration_says(self):
        daemon = self.daemon('[server]\nsocket_mode = "0660"\n').start()
        self.assertEqual((daemon.state / "batond.sock").stat().st_mode & 0o777, 0o660)

    def test_a_taken_port_is_refused_by_name(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            result = self.daemon().run("--listen", address)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(address, result.stderr)


class ServiceManager(DaemonCase):
    def notify_socket(self):
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(str(self.directory / "notify"))
        notify.settimeout(30)
        self.addCleanup(notify.close)
        return notify

    def test_is_told_when_it_is_ready_and_when_it_stops(self):
        notify = self.notify_socket()
        daemon = self.daemon(NOTIFY_SOCKET=str(self.directory / "notify")).start()
        self.assertIn("READY=1", notify.recv(4096).decode().splitlines())
        self.answers(daemon.client.get("/api/board"), 200)
        self.assertEqual(daemon.terminate(), 0)
        self.assertIn("STOPPING=1", notify.recv(4096).decode().splitlines())

    def test_ends_cleanly_on_term_and_on_interrupt(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.daemon(name=number.name).start()
            self.create(daemon.client)
            daemon.process.send_signal(number)
            self.assertEqual(daemon.process.wait(timeout=60), 0, daemon.log())
            self.assertFalse((daemon.state / "batond.sock").exists())

    def test_standard_streams_that_are_closed_are_not_given_to_files(self):
        daemon = self.daemon()
        closing = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"]
        daemon.process = subprocess.Popen(
            [*closing, *daemon.command()], env=clean_environment(daemon.directory), start_new_session=True
        )

        def answer():
            self.assertTrue(daemon.is_running())
            try:
                return daemon.unix_client.get("/api/board")
            except OSError:
                return None

        self.answers(wait_until(answer, "batond answers"), 200)
        open_files = [os.readlink(f"/proc/{daemon.process.pid}/fd/{number}") for number in range(3)]
        self.assertEqual((open_files[0], open_files[2]), ("/dev/null", "/dev/null"))
        self.assertRegex(open_files[1], "^pipe:")  # what plugins print is looked at
        self.assertEqual(daemon.terminate(), 0)

    def test_an_idle_connection_does_not_hold_it_up(self):
        daemon = self.daemon().start()
        with daemon.client.raw() as idle:
            idle.sendall(b"GET /api/board HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(idle.recv(1))
            self.assertEqual(daemon.terminate(), 0)

    def test_leaves_no_child_behind(self):
        runtime = self.script("sleep.sh", "#!/bin/sh\necho $$ > pid.txt\nsleep 1000\n")
        daemon = self.daemon(
            f'[[runtime]]\nid = "slow"\nplugin = "org.baton.command"\n[runtime.config]\nargv = ["sh", "{runtime}"]\n'
        ).start()
        repo = self.repo()
        task = self.create(daemon.client)
        with daemon.client.raw() as connection:
            body = b'{"taskId":"%s","repoPath":"%s"}' % (task["id"].encode(), str(repo.path).encode())
            head = (
                "POST /api/runtimes/slow/run HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body)
            (pid_file,) = wait_until(lambda: list(daemon.state.glob("worktrees/*/*/pid.txt")), "the runtime runs")
            pid = int(wait_until(lambda: pid_file.read_text().strip(), "the runtime says its pid"))
            self.assertEqual(daemon.terminate(), 0, daemon.log())
        self.ends_by_itself(pid, "the runtime")
        self.assertEqual(self.task(daemon.start().client, task["id"])["status"], "todo")


class Aliases(DaemonCase):
    def test_reads_the_older_names_where_ours_are_not_set(self):
        home, config = self.directory / "home", self.directory / "baton.toml"
        config.touch()
        environment = clean_environment(self.directory, CLAWBOO_HOME=str(home), CLAWBOO_API_PORT="0")
        process = subprocess.Popen(
            [BATOND, "--config", config], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            for line in process.stderr:
                if "listening on http://127.0.0.1:" in line:
                    break
            else:
                self.fail("batond did not start")
            self.assertTrue((home / "batond.lock").exists())
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.stderr.close()
            self.assertEqual(process.wait(timeout=60), 0)
