// Built for an ABI that this runner does not have, of which it misses a function before it can ask.
extern "C" int windlass_jobs_check_abi(const char* built_for);
void function_of_another_abi();

static const int asked = windlass_jobs_check_abi("windlass-jobs-abi: 9, libc++");
static const bool used = (function_of_another_abi(), true);
