/* Has no version. */
#define DESCRIPTOR nameless
#include "parts.h"
static const baton_descriptor nameless;
#include "entry.h"
static const baton_descriptor nameless = {.size = sizeof(baton_descriptor),
                                          .id = ID,
                                          .name = "Conformance",
                                          .license = LICENSE,
                                          .summary = SUMMARY,
                                          .offers = correct_offers,
                                          .needs = correct_needs,
                                          .wants = correct_wants,
                                          .executables = correct_executables};
