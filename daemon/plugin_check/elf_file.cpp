#include "plugin_check/elf_file.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <elf.h>

namespace baton::plugin_check {
namespace {

constexpr std::uintmax_t kLargest = 1024 * 1024 * 1024;

tl::unexpected<Error> damaged(const char* what) { return fail(Errc::kInvalid, std::string("damaged: ") + what); }

// Bytes with structs in them, at offsets that the file itself names.
class Bytes {
 public:
  explicit Bytes(std::string_view all) : all_(all) {}

  template <class T>
  std::optional<T> at(std::uint64_t offset) const {
    if (offset > all_.size() || all_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, all_.data() + offset, sizeof(T));
    return value;
  }
  std::optional<Bytes> part(std::uint64_t offset, std::uint64_t size) const {
    if (offset > all_.size() || all_.size() - offset < size) return std::nullopt;
    return Bytes(all_.substr(offset, size));
  }
  std::optional<std::string> text(std::uint64_t offset) const {
    if (offset >= all_.size()) return std::nullopt;
    const auto end = all_.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(all_.substr(offset, end - offset));
  }
  std::size_t size() const { return all_.size(); }

 private:
  std::string_view all_;
};

// A table of the file and the texts that it refers to.
struct Table {
  Bytes entries, texts;
};

class Reader {
 public:
  explicit Reader(Bytes file) : file_(file) {}

  Result<ElfFile> read() {
    if (auto good = read_header(); !good) return fail(good);
    if (auto good = read_segments(); !good) return fail(good);
    if (auto good = read_symbols(); !good) return fail(good);
    if (auto good = read_dynamic(); !good) return fail(good);
    return std::move(found_);
  }

 private:
  Result<Unit> read_header() {
    const auto header = file_.at<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return fail(Errc::kInvalid, "not an ELF file");
    constexpr auto kOrder = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != kOrder)
      return fail(Errc::kInvalid, "for another machine");
    if (header->e_type != ET_DYN) return fail(Errc::kInvalid, "not a shared library");
    if (!file_.part(header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr)))
      return damaged("its sections lie beyond its end");
    header_ = *header;
    return Unit{};
  }

  Result<Unit> read_segments() {
    found_.executable_stack = true;  // the loader's assumption when nothing is said
    for (std::uint64_t index = 0; index < header_.e_phnum; ++index) {
      const auto segment = file_.at<Elf64_Phdr>(header_.e_phoff + index * sizeof(Elf64_Phdr));
      if (!segment) return damaged("its segments lie beyond its end");
      if (segment->p_type == PT_GNU_STACK) found_.executable_stack = (segment->p_flags & PF_X) != 0;
      if (segment->p_type == PT_GNU_RELRO) found_.read_only_after_binding = true;
    }
    return Unit{};
  }

  std::optional<Elf64_Shdr> section(std::uint64_t index) const {
    if (index >= header_.e_shnum) return std::nullopt;
    return file_.at<Elf64_Shdr>(header_.e_shoff + index * sizeof(Elf64_Shdr));
  }

  // The section of this type, with the texts of the section that it links to.
  Result<Table> table(std::uint32_t type) const {
    for (std::uint64_t index = 0; index < header_.e_shnum; ++index) {
      const auto found = section(index);
      if (!found) return damaged("its sections lie beyond its end");
      if (found->sh_type != type) continue;
      const auto linked = section(found->sh_link);
      if (!linked) return damaged("a section links to none");
      const auto entries = file_.part(found->sh_offset, found->sh_size);
      const auto texts = file_.part(linked->sh_offset, linked->sh_size);
      if (!entries || !texts) return damaged("a section lies beyond its end");
      return Table{*entries, *texts};
    }
    return fail(Errc::kInvalid, "has no dynamic symbols, or no section headers");
  }

  Result<Unit> read_symbols() {
    const auto symbols = table(SHT_DYNSYM);
    if (!symbols) return fail(symbols.error());
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Sym) <= symbols->entries.size(); offset += sizeof(Elf64_Sym)) {
      const auto symbol = *symbols->entries.at<Elf64_Sym>(offset);
      const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
      const bool is_visible = visibility == STV_DEFAULT || visibility == STV_PROTECTED;
      if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL || !is_visible) continue;
      auto name = symbols->texts.text(symbol.st_name);
      if (!name) return damaged("a symbol's name lies nowhere");
      found_.exports.push_back(*std::move(name));
    }
    std::ranges::sort(found_.exports);
    return Unit{};
  }

  Result<Unit> read_dynamic() {
    const auto dynamic = table(SHT_DYNAMIC);
    if (!dynamic) return fail(dynamic.error());
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Dyn) <= dynamic->entries.size(); offset += sizeof(Elf64_Dyn)) {
      const auto entry = *dynamic->entries.at<Elf64_Dyn>(offset);
      if (entry.d_tag == DT_NULL) break;
      if (!take(entry, dynamic->texts)) return damaged("a name lies nowhere");
    }
    return Unit{};
  }

  bool take(const Elf64_Dyn& entry, const Bytes& texts) {
    const auto value = entry.d_un.d_val;
    switch (entry.d_tag) {
      case DT_NEEDED: return take_name(texts.text(value), found_.needed);
      case DT_RPATH:
      case DT_RUNPATH: return take_search(texts.text(value));
      case DT_BIND_NOW: found_.bind_now = true; break;
      case DT_TEXTREL: found_.text_relocations = true; break;
      case DT_FLAGS:
        found_.bind_now = found_.bind_now || (value & DF_BIND_NOW) != 0;
        found_.text_relocations = found_.text_relocations || (value & DF_TEXTREL) != 0;
        found_.static_tls = (value & DF_STATIC_TLS) != 0;
        break;
      case DT_FLAGS_1: found_.bind_now = found_.bind_now || (value & DF_1_NOW) != 0; break;
      default: break;
    }
    return true;
  }

  static bool take_name(std::optional<std::string> name, std::vector<std::string>& into) {
    if (!name) return false;
    into.push_back(*std::move(name));
    return true;
  }

  bool take_search(const std::optional<std::string>& list) {
    if (!list) return false;
    std::string_view rest = *list;
    while (true) {
      const auto end = std::min(rest.find(':'), rest.size());
      found_.search.emplace_back(rest.substr(0, end));
      if (end == rest.size()) return true;
      rest.remove_prefix(end + 1);
    }
  }

  Bytes file_;
  Elf64_Ehdr header_{};
  ElfFile found_;
};

}  // namespace

Result<ElfFile> read_elf(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(Errc::kIo, error.message());
  if (size > kLargest) return fail(Errc::kTooLarge, "more than 1 GiB");
  std::ifstream in(file, std::ios::binary);
  std::string content(size, '\0');
  if (!in.read(content.data(), static_cast<std::streamsize>(size))) return fail(Errc::kIo, "cannot be read");
  return Reader(Bytes(content)).read();
}

}  // namespace baton::plugin_check
