// Where SQLite's memory comes from: a short stock of small blocks per thread, in front of the heap.
//
// Each execution of a statement takes a dozen small blocks and gives them back at its end. SQLite has a stock of its
// own for that (lookaside), which some distributions leave out, so that each read would ask the heap a dozen times.
#pragma once

namespace baton::store::sqlite {

// Before SQLite's first use in the process.
void use_stocked_memory();

}  // namespace baton::store::sqlite
