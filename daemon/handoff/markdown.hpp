// Text from people and agents, made safe to stand inside a Markdown file or a prompt that has a structure of its own.
//
// A title must not bring a second heading along, a description must not open a code fence that swallows the sections
// after it, a list item must not end its list. Nothing that was said is dropped: what could break out is contained, not
// deleted.
#pragma once

#include <string>
#include <string_view>

namespace baton::handoff::markdown {

// One line: every kind of line break and run of blanks becomes one space. For titles, names, ids.
std::string one_line(std::string_view text);

// Several lines that end where they end. Text whose lines could begin a heading, a fence or an HTML block is put in a
// block quote
// ("> " before each line), whose end Markdown defines; other text stays as it is.
std::string block(std::string_view text);

// "- first line", further lines indented by two so that they belong to the item. Ends with a newline.
std::string bullet(std::string_view text);

}  // namespace baton::handoff::markdown
