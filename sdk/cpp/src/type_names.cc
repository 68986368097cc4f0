#include "type_names.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <system_error>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {
namespace {

std::string demangled(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), std::free);
  return name == nullptr ? mangled : name.get();
}

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

void name_type(const std::type_info* type, ExceptionText& text) {
  if (type == nullptr) {
    text.type = "an exception of another language";
    return;
  }
  static constexpr std::string_view kOurs = "windlass::jobs::v1::";
  text.type = demangled(type->name());
  erase_all(text.type, "__cxx11::");
  // What std::throw_with_nested() makes of an exception.
  static constexpr std::string_view kNested = "std::_Nested_exception<";
  if (text.type.starts_with(kNested) && text.type.ends_with('>')) {
    text.type = text.type.substr(kNested.size(), text.type.size() - kNested.size() - 1);
  }
  if (text.type.starts_with(kOurs)) {
    text.type.erase(0, kOurs.size());
    text.module = "windlass.jobs";
    return;
  }
  erase_all(text.type, "(anonymous namespace)::");
  const std::size_t end = text.type.substr(0, text.type.find('<')).rfind("::");
  if (end != std::string::npos) text.module = text.type.substr(0, end);
}

/// Of a std::exception_ptr that was itself thrown: what it holds.
void describe_inner(const std::exception_ptr& inner, ExceptionText& text) {
  if (inner == nullptr) {
    text.message = "an empty std::exception_ptr was thrown";
    return;
  }
  try {
    std::rethrow_exception(inner);
  } catch (...) {
    const ExceptionText held = describe_current_exception();
    text.message = held.sentence();
    text.causes = held.causes;
  }
}

std::string causes_of(const std::exception& exception) {
  const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
  if (nested == nullptr || nested->nested_ptr() == nullptr) return "";
  try {
    nested->rethrow_nested();
  } catch (...) {
    const ExceptionText cause = describe_current_exception();
    return "caused by " + cause.sentence() + "\n" + cause.causes;
  }
}

}  // namespace

std::string class_name(std::string_view pretty_name) {
  // g++: "const char* …pretty_name() [with T = {anonymous}::MyNewJob]"; clang++ has "[T = …]".
  std::size_t from = pretty_name.find("T = ");
  from = from == std::string_view::npos ? 0 : from + 4;
  std::string_view name = pretty_name.substr(from);
  name = name.substr(0, name.find_last_of(']'));
  const std::size_t arguments = name.find('<');
  const std::size_t scope = name.substr(0, arguments).rfind("::");
  if (scope != std::string_view::npos) name.remove_prefix(scope + 2);
  return std::string(name);
}

std::string ExceptionText::sentence() const {
  return message.empty() ? type : type + ": " + message;
}

ExceptionText describe_current_exception() {
  ExceptionText text;
  name_type(abi::__cxa_current_exception_type(), text);
  try {
    throw;
  } catch (const std::exception& exception) {
    text.message = exception.what();
    text.causes = causes_of(exception);
  } catch (const std::string& thrown) {
    text.message = thrown;
  } catch (const char* thrown) {
    text.message = thrown == nullptr ? "" : thrown;
  } catch (std::string_view thrown) {
    text.message = thrown;
  } catch (const std::exception_ptr& thrown) {
    describe_inner(thrown, text);
  } catch (const std::error_code& thrown) {
    text.message = thrown.message();
  } catch (const std::error_condition& thrown) {
    text.message = thrown.message();
  } catch (int thrown) {
    text.message = std::to_string(thrown);
  } catch (long thrown) {
    text.message = std::to_string(thrown);
  } catch (unsigned thrown) {
    text.message = std::to_string(thrown);
  } catch (unsigned long thrown) {
    text.message = std::to_string(thrown);
  } catch (double thrown) {
    text.message = Json(thrown).dump();
  } catch (char thrown) {
    text.message = std::string(1, thrown);
  } catch (bool thrown) {
    text.message = thrown ? "true" : "false";
  } catch (...) {
    text.message = "an object that is no std::exception was thrown";
  }
  return text;
}

}  // namespace windlass::jobs::internal
