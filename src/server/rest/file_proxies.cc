#include "base/text.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const FileProxy& file, Rendering&) {
  out.text(file.name);
}

void write_natural_slug(JsonWriter& out, const FileProxy& file) {
  write_slug(out, slugify(file.name), file.id);
}

void write_download_url(JsonWriter& out, const FileProxy& file, Rendering& rendering) {
  rendering.url(out, resource_of<FileProxy>().path, file.id, "/download/");
}

Result<FileProxy> file_of_path(Call& call) {
  WL_TRY(const Uuid id, id_of(call, "id", "file.not_found", resource_of<FileProxy>().label));
  return found<FileProxy>(call.storage().files().get(id));
}

Result<http::Response> list_files(Call& call) {
  return answer_list<FileProxy>(
      call, [&](const Query& query) { return call.storage().files().list(query); });
}

Result<http::Response> get_file(Call& call) {
  WL_TRY(const FileProxy file, file_of_path(call));
  return answer_object(call, 200, file);
}

/// Job code chose the bytes and the name: browsers are to keep the file, never to show it as a page
/// of ours.
Result<http::Response> download_file(Call& call) {
  WL_TRY(const FileProxy file, file_of_path(call));
  WL_TRY(const std::filesystem::path path, call.storage().files().content_path(file.id));
  WL_TRY(http::FileBody content, http::FileBody::open(path));
  return http::Response::download(std::move(content), "application/octet-stream", file.name);
}

}  // namespace

template <>
const Shape<FileProxy>& shape_of<FileProxy>() {
  static const Shape<FileProxy> shape{
      &write_display,
      &write_natural_slug,
      {{"download_url", R"({"type":"string","format":"uri"})", &write_download_url}}};
  return shape;
}

void add_file_operations(Operations& operations) {
  operations.push_back(reading("/api/extras/file-proxies/", "Lists files that runs created.",
                               &list_files, "FileProxyList", list_parameters<FileProxy>()));
  operations.push_back(reading("/api/extras/file-proxies/{id}/", "Shows one file's record.",
                               &get_file, "FileProxy", {depth_parameter()}));
  operations.push_back({.method = "GET",
                        .pattern = "/api/extras/file-proxies/{id}/download/",
                        .summary = "The file's content.",
                        .handler = &download_file,
                        .media_type = "application/octet-stream"});
}

}  // namespace windlass::rest
