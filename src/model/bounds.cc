#include "model/bounds.h"

#include <fmt/format.h>

#include "base/text.h"

namespace windlass {

std::string bounded(std::string_view text, std::size_t most) {
  if (text.size() <= most) return to_valid_utf8(text);
  return to_valid_utf8(utf8_prefix(text, most)) +
         fmt::format("… (cut: {} bytes in all)", text.size());
}

std::string cleaned(const Sanitiser& sanitiser, std::string_view text, std::size_t most) {
  if (text.size() <= most) return sanitiser.clean(bounded(text, most));
  return sanitiser.clean(bounded(sanitiser.hide(text), most));
}

}  // namespace windlass
