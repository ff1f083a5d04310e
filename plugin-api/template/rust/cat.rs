// SPDX-License-Identifier: 0BSD
//! An agent runtime that drives /bin/cat, in Rust without crates: what the agent is told, it says.
//!
//!     rustc --edition 2021 --crate-type cdylib -C opt-level=2 -C strip=debuginfo -o cat.so cat.rs
//!
//! No panic may cross into the host: each function that it calls runs inside `guarded`.
mod abi;

use abi::*;
use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::ptr::null;

/// One instance: what the user configured as one [[runtime]].
struct Cat {
    host: *const Host,
    runs: *const HostRun,
    processes: *const HostProcess,
}

/// One run: lives from run_start until run_release, some time after finish.
struct CatRun {
    cat: *const Cat,
    id: Handle,
    process: Handle,
    prompt: Vec<u8>, // a copy: the request is borrowed for the call
    written: usize,
    cancelled: bool,
}

fn guarded<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(otherwise)
}

/// The same for a callback of a run, which has no status to return: the run fails.
unsafe fn guarded_run(user: *mut c_void, body: impl FnOnce(&mut CatRun)) {
    let run = unsafe { &mut *(user as *mut CatRun) };
    if catch_unwind(AssertUnwindSafe(|| body(run))).is_err() {
        run.finish(RESULT_FAILED, ERROR_INTERNAL, "the plugin panicked");
    }
}

impl CatRun {
    fn finish(&self, result: u32, error_class: u32, detail: &str) {
        let outcome = Outcome {
            size: size_of::<Outcome>() as u32,
            result,
            error_class,
            retryable: 0,
            retry_after_ns: -1,
            summary: Str::EMPTY,
            detail: Str::of(detail),
        };
        unsafe { ((*(*self.cat).runs).finish)((*self.cat).host, self.id, &outcome) };
    }

    fn say(&self, text: Str) {
        let event = EventText { size: size_of::<EventText>() as u32, kind: EVENT_TEXT, channel: 0, reserved: 0, text };
        unsafe { ((*(*self.cat).runs).emit)((*self.cat).host, self.id, &event) };
    }

    /// Goes on in on_drain when the queue is full. That cat reads no more is no error: its exit tells.
    fn write_prompt(&mut self) {
        let (host, processes) = unsafe { ((*self.cat).host, &*(*self.cat).processes) };
        for piece in self.prompt[self.written..].chunks(65536) {
            let status = unsafe { (processes.write)(host, self.process, Str::of_bytes(piece)) };
            if status == E_AGAIN {
                return;
            }
            if status != OK {
                break;
            }
            self.written += piece.len();
        }
        unsafe { (processes.close_stdin)(host, self.process) };
    }

    fn spawn(&mut self, request: &Request) -> Status {
        let events = ProcessEvents {
            size: size_of::<ProcessEvents>() as u32,
            reserved: 0,
            on_output,
            on_drain,
            on_exit,
        };
        let argv = [Str::of("/bin/cat")];
        let spawn = Spawn {
            size: size_of::<Spawn>() as u32,
            flags: SPAWN_STDIN | SPAWN_LINES_STDOUT,
            owner: self.id,
            argv: argv.as_ptr(),
            argc: argv.len(),
            cwd: request.cwd,
            env: request.env,
            env_count: request.env_count,
            max_line: 256 * 1024, // a longer line comes in pieces; one event holds 1 MiB
            reserved: 0,
        };
        let user = self as *mut CatRun as *mut c_void;
        let cat = self.cat;
        unsafe { ((*(*cat).processes).spawn)((*cat).host, &spawn, &events, user, &mut self.process) }
    }
}

unsafe extern "C" fn on_output(user: *mut c_void, _: Handle, stream: u32, bytes: Str, cut: u32) {
    let body = |run: &mut CatRun| {
        if stream != STREAM_STDOUT {
            return;
        }
        run.say(bytes);
        if cut != CUT_MORE {
            run.say(Str::of("\n"));
        }
    };
    unsafe { guarded_run(user, body) }
}

unsafe extern "C" fn on_drain(user: *mut c_void, _: Handle) {
    unsafe { guarded_run(user, |run| run.write_prompt()) }
}

unsafe extern "C" fn on_exit(user: *mut c_void, _: Handle, exit: *const Exit) {
    let exit = unsafe { &*exit };
    let body = |run: &mut CatRun| match (run.cancelled, exit.code) {
        (true, _) => run.finish(RESULT_CANCELLED, 0, ""),
        (_, 0) => run.finish(RESULT_SUCCESS, 0, ""),
        _ => run.finish(RESULT_FAILED, ERROR_CRASHED, &format!("cat: code {}, signal {}", exit.code, exit.signal)),
    };
    unsafe { guarded_run(user, body) }
}

/// The prompt's three tiers as one text, for a program that knows no tiers: all of them say what is to be done.
fn whole_prompt(request: &Request) -> Vec<u8> {
    let tiers = [request.prompt_system, request.prompt_context, request.prompt_turn];
    let said: Vec<&[u8]> = tiers.iter().filter(|tier| tier.size > 0).map(|tier| unsafe { tier.bytes() }).collect();
    said.join(&b"\n\n"[..])
}

unsafe extern "C" fn run_start(
    plugin: *mut c_void,
    id: Handle,
    request: *const Request,
    state: *mut *mut c_void,
) -> Status {
    guarded(E_INTERNAL, || {
        let request = unsafe { &*request };
        let prompt = whole_prompt(request);
        let run = CatRun { cat: plugin as *const Cat, id, process: 0, prompt, written: 0, cancelled: false };
        let run = Box::leak(Box::new(run)); // run_release takes it back
        match run.spawn(request) {
            OK => run.write_prompt(),
            E_NOT_FOUND => run.finish(RESULT_FAILED, ERROR_NOT_INSTALLED, "there is no /bin/cat"),
            other => run.finish(RESULT_FAILED, ERROR_INTERNAL, &format!("cat did not start: {other}")),
        }
        unsafe { *state = run as *mut CatRun as *mut c_void };
        OK
    })
}

unsafe extern "C" fn run_cancel(plugin: *mut c_void, state: *mut c_void, _reason: u32, deadline: i64) {
    let cat = unsafe { &*(plugin as *const Cat) };
    let body = |run: &mut CatRun| unsafe {
        run.cancelled = true;
        let left = deadline.saturating_sub(((*cat.host).now)(cat.host));
        ((*cat.processes).stop)(cat.host, run.process, left.max(0) / 2); // the exit ends the run
    };
    unsafe { guarded_run(state, body) }
}

unsafe extern "C" fn run_release(_: *mut c_void, state: *mut c_void) {
    guarded((), || drop(unsafe { Box::from_raw(state as *mut CatRun) }))
}

unsafe extern "C" fn caps(_: *mut c_void, out: *mut Caps) -> Status {
    unsafe { (*out).integration = 1 };
    unsafe { (*out).flags = CAP_STREAMING | CAP_WORKTREE };
    OK
}

unsafe extern "C" fn probe(plugin: *mut c_void, op: Handle) -> Status {
    let cat = unsafe { &*(plugin as *const Cat) };
    unsafe { ((*cat.host).op_complete)(cat.host, op, OK) } // ready, with nothing to report
}

unsafe extern "C" fn create(host: *const Host, _args: *const c_void, out: *mut *mut c_void) -> Status {
    set_hook(Box::new(|_| ())); // a plugin writes nothing to stderr; the run's outcome tells
    guarded(E_INTERNAL, || unsafe {
        let runs = ((*host).extension)(host, c"baton.run/1".as_ptr()) as *const HostRun;
        let processes = ((*host).extension)(host, c"baton.process/1".as_ptr()) as *const HostProcess;
        // A table of an older host is shorter; its size comes first.
        let long_enough = |table: *const u32, size: usize| !table.is_null() && *table as usize >= size;
        if !long_enough(runs as *const u32, size_of::<HostRun>())
            || !long_enough(processes as *const u32, size_of::<HostProcess>())
        {
            return ((*host).fail)(host, E_UNSUPPORTED, Str::of("the host is too old"));
        }
        *out = Box::into_raw(Box::new(Cat { host, runs, processes })) as *mut c_void;
        OK
    })
}

unsafe extern "C" fn quiesce(plugin: *mut c_void, done: Handle) {
    let cat = unsafe { &*(plugin as *const Cat) };
    unsafe { ((*cat.host).op_complete)(cat.host, done, OK) };
}

unsafe extern "C" fn destroy(plugin: *mut c_void) {
    guarded((), || drop(unsafe { Box::from_raw(plugin as *mut Cat) }))
}

unsafe extern "C" fn extension(id: *const c_char) -> *const c_void {
    if unsafe { CStr::from_ptr(id) } == c"baton.runtime/1" {
        return &RUNTIME as *const Constant<Runtime> as *const c_void;
    }
    null()
}

static RUNTIME: Constant<Runtime> = Constant(Runtime {
    size: size_of::<Runtime>() as u32,
    reserved: 0,
    caps,
    probe,
    run_start,
    run_input: None,
    run_cancel,
    run_release,
});
static OFFERS: Constant<[*const c_char; 2]> = Constant([c"baton.runtime/1".as_ptr(), null()]);
static NEEDS: Constant<[*const c_char; 3]> =
    Constant([c"baton.run/1".as_ptr(), c"baton.process/1".as_ptr(), null()]);
static EXECUTABLES: Constant<[*const c_char; 2]> = Constant([c"/bin/cat".as_ptr(), null()]);
static DESCRIPTOR: Constant<Descriptor> = Constant(Descriptor {
    size: size_of::<Descriptor>() as u32,
    reserved: 0,
    id: c"org.example.cat-rust".as_ptr(),
    name: c"Cat in Rust".as_ptr(),
    version: c"0.1.0".as_ptr(),
    vendor: c"Example".as_ptr(),
    url: c"https://example.org".as_ptr(),
    license: c"0BSD".as_ptr(),
    summary: c"Says what it is told".as_ptr(),
    config_schema: null(),
    offers: OFFERS.0.as_ptr(),
    needs: NEEDS.0.as_ptr(),
    wants: null(),
    secrets: null(),
    executables: EXECUTABLES.0.as_ptr(),
    user_files: null(),
});
static ENTRY: Constant<Entry> = Constant(Entry {
    magic: ENTRY_MAGIC,
    size: size_of::<Entry>() as u32,
    abi_major: 1,
    abi_minor_built: 0,
    abi_minor_needed: 0,
    reserved: 0,
    descriptor: &DESCRIPTOR.0,
    create,
    quiesce,
    destroy,
    extension,
});

#[no_mangle]
pub extern "C" fn baton_plugin_entry_v1() -> *const Entry {
    &ENTRY.0
}
