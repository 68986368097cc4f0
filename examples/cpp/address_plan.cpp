/// A report as files: how a network is divided, as CSV for programs and Markdown for people.
#include <map>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

constexpr int kMostRows = 200'000;

/// A field of CSV, in quotes where it needs them.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string(2, c) : std::string(1, c);
  return quoted + '"';
}

std::vector<std::string> names_in(const Json& sites) {
  std::vector<std::string> names;
  for (const Json& site : sites)
    if (site.is_string()) names.push_back(site.as_string());
  if (names.empty() || names.size() != sites.size())
    throw std::invalid_argument("sites has to be a list of names");
  return names;
}

}  // namespace

class PlanAddresses : public Job {
 public:
  static inline const Meta meta{
      .name = "Plan Addresses",
      .description =
          "Divides an IPv4 network and writes the parts into `plan.csv`, their sum into `plan.md`.",
      .has_sensitive_variables = false};

  IPNetworkVar network{
      this, "network", {.description = "What is divided", .default_value = "192.0.2.0/24"}};
  IntegerVar prefix_length{
      this,
      "prefix_length",
      {.description = "Of each part", .min_value = 1, .max_value = 30, .default_value = 28}};
  JSONVar sites{this,
                "sites",
                {.description = "Names, given to the parts in turn",
                 .default_value = Json::array({"north", "south"})}};

  Json run() override {
    const std::vector<std::string> names = names_in(*sites);
    const std::string whole = network->to_string();
    const int length = static_cast<int>(*prefix_length);
    const int more = length - network->prefix_length();
    if (network->version() != 4 || more < 0)
      throw std::invalid_argument(format("{} has no parts of /{}", whole, length));
    if (1 << more > kMostRows) {
      throw std::invalid_argument(
          format("{} has more than {} parts of /{}", whole, kMostRows, length));
    }

    const std::int64_t size = std::int64_t{1} << (32 - length);
    const std::size_t rows = std::size_t{1} << more;
    std::map<std::string, std::int64_t> hosts;
    std::string table = "part,site,gateway,last,hosts\n";
    IPAddress first = network->first();
    for (std::size_t row = 0; row < rows; ++row) {
      const std::string& site = names[row % names.size()];
      if (row > 0) first = first + size;
      table += format("{}/{},{},{},{},{}\n", first.to_string(), length, csv_field(site),
                      (first + 1).to_string(), (first + (size - 2)).to_string(), size - 2);
      hosts[site] += size - 2;
      if ((row + 1) % 10'000 == 0) progress(static_cast<double>(row + 1), {}, "Dividing");
    }

    std::string sums =
        format("# {} in parts of /{}\n\n| site | hosts |\n|---|---|\n", whole, length);
    for (const auto& [site, count] : hosts) sums += format("| {} | {} |\n", site, count);
    create_file("plan.csv", table);
    create_file("plan.md", sums);
    logger.success("{} has {} parts", whole, rows);
    return {{"parts", rows}, {"hosts", hosts}};
  }
};

static const auto registered = register_jobs<PlanAddresses>({.grouping = "Examples"});
