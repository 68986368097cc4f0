/** What to do about a run that did not end well, by the code of its reason (spec/job-states.md). */
const advice: Readonly<Record<string, string>> = {
  fail: 'The job itself said so with self.fail(). Its log says more.',
  exception: 'The traceback shows the line. Correct the job or its inputs, then run it again.',
  return_value: 'Let run() return what JSON can hold: texts, numbers, lists, dictionaries.',
  soft_time_limit:
    'Raise soft_time_limit in the job’s Meta or on its record, or give it less to do.',
  time_limit: 'Raise time_limit in the job’s Meta or on its record, or give it less to do.',
  memory_limit: 'Let the job hold less at a time, or raise the setting memory_limit.',
  out_of_memory: 'The machine had no memory left. Run fewer jobs at a time, or add memory.',
  killed: 'Something outside Windlass ended the process: see the machine’s own log.',
  exited: 'Let run() return instead of ending the process with sys.exit() or os._exit().',
  channel_closed:
    'The job closed a descriptor that is not its own. Close only what the job opened.',
  result_unreadable: 'Run it again. If it happens again, see the server’s log.',
  runner_lost: 'Run it again. If it happens again, see the server’s log.',
  start_failed: 'Check that the setting python names an interpreter that starts on the worker.',
  import_error: 'Correct the module: its traceback is on the page of the job.',
  unknown_class: 'Let the module call register_jobs() with this class, or delete the job’s record.',
  inputs_unreadable: 'Run it again, with the inputs entered anew.',
  damaged:
    'The database has lost values of this run. Check the disk, then run it again with its inputs.',
  singleton: 'Wait until the other run has ended, or run again and ignore the lock.',
  sync_failed: 'Mend the repository, or how it is reached, then sync it again: its page says more.',
  worker_lost: 'Its process or machine went away. What the job had done until then is done.',
  lease_lost: 'The worker could not reach the database. Check the connection, then run it again.',
  retry: 'It runs again by itself at the time shown. Cancel it if it should not.',
  cancelled: 'What the job had done until then stays done.',
  drain_timeout: 'The worker was stopped for maintenance. Run it again.',
};

/** One sentence; empty where there is nothing to say. */
export function adviceFor(code: string): string {
  return advice[code] ?? '';
}
