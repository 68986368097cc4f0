// Built for an ABI that this runner does not have, and asks.
extern "C" int windlass_jobs_check_abi(const char* built_for);

static const int asked = windlass_jobs_check_abi("windlass-jobs-abi: 9, libc++");
