#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>

#include "base/text.h"

namespace windlass {

struct Pattern::Code {
  ~Code() {
    pcre2_code_free(code);
    pcre2_match_context_free(context);
  }
  pcre2_code* code = nullptr;
  pcre2_match_context* context = nullptr;
};

namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::uint32_t kHeapLimitKib = 16 * 1024;

/// One match block a thread: allocating it for each text costs more than the match.
pcre2_match_data* thread_match_data() {
  struct Holder {
    pcre2_match_data* data = pcre2_match_data_create(32, nullptr);
    ~Holder() { pcre2_match_data_free(data); }
  };
  thread_local Holder holder;
  return holder.data;
}

/// The stack of compiled matches: PCRE2's own 32 KiB are too few for alternatives over long texts.
pcre2_jit_stack* thread_jit_stack(void*) {
  struct Holder {
    pcre2_jit_stack* stack = pcre2_jit_stack_create(32 * 1024, 1024 * 1024, nullptr);
    ~Holder() { pcre2_jit_stack_free(stack); }
  };
  thread_local Holder holder;
  return holder.stack;
}

PCRE2_SPTR units(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data());
}

Error limit_error(int code) {
  return {"pattern.limit", "Matching a regular expression took too long and was given up.",
          "pcre2 error " + std::to_string(code)};
}

}  // namespace

Result<Pattern> Pattern::compile(std::string_view expression, bool ignore_case) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  const std::uint32_t options = PCRE2_UTF | PCRE2_UCP | (ignore_case ? PCRE2_CASELESS : 0);
  auto compiled = std::make_shared<Code>();
  compiled->code =
      pcre2_compile(units(expression), expression.size(), options, &code, &offset, nullptr);
  if (compiled->code == nullptr) {
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(code, text, sizeof text);
    return Error{"pattern.invalid", "The regular expression \"" + std::string(expression) +
                                        "\" is wrong at position " + std::to_string(offset) + ": " +
                                        reinterpret_cast<const char*>(text) + "."};
  }
  pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE);  // without JIT it only matches slower
  compiled->context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(compiled->context, kMatchLimit);
  pcre2_set_heap_limit(compiled->context, kHeapLimitKib);
  pcre2_jit_stack_assign(compiled->context, thread_jit_stack, nullptr);
  Pattern pattern;
  pattern.expression_ = expression;
  pattern.code_ = std::move(compiled);
  return pattern;
}

Result<bool> Pattern::match(std::string_view text, unsigned options) const {
  const int count = pcre2_match(code_->code, units(text), text.size(), 0, options,
                                thread_match_data(), code_->context);
  if (count >= 0) return true;
  if (count == PCRE2_ERROR_NOMATCH) return false;
  return limit_error(count);
}

Result<bool> Pattern::matches_start(std::string_view text) const {
  return match(text, PCRE2_ANCHORED);
}

Result<bool> Pattern::matches(std::string_view text) const {
  return match(text, 0);
}

Result<std::string> Pattern::replace_all(std::string_view text,
                                         std::string_view replacement) const {
  std::string out(text.size() + text.size() / 4 + 256, '\0');
  while (true) {
    PCRE2_SIZE length = out.size();
    const int count = pcre2_substitute(
        code_->code, units(text), text.size(), 0,
        PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH | PCRE2_SUBSTITUTE_UNSET_EMPTY,
        nullptr, code_->context, units(replacement), replacement.size(),
        reinterpret_cast<PCRE2_UCHAR*>(out.data()), &length);
    if (count == PCRE2_ERROR_NOMEMORY && length > out.size()) {
      out.resize(length);
      continue;
    }
    if (count < 0) return limit_error(count);
    out.resize(length);
    return out;
  }
}

}  // namespace windlass
