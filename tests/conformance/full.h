/* Claims everything that a runtime can claim. */
#define FLAGS                                                                                            \
  (BATON_CAP_STREAMING | BATON_CAP_TOOL_EVENTS | BATON_CAP_RESUME | BATON_CAP_FORK | BATON_CAP_STEER |   \
   BATON_CAP_FOLLOW_UP | BATON_CAP_MCP | BATON_CAP_APPROVALS | BATON_CAP_WORKTREE | BATON_CAP_OWN_HOME | \
   BATON_CAP_MODEL_SELECT | BATON_CAP_TOOL_BLOCK | BATON_CAP_LIMIT_TURNS | BATON_CAP_LIMIT_COST |        \
   BATON_CAP_USAGE_TOKENS | BATON_CAP_USAGE_COST | BATON_CAP_REPLAY)
#include "parts.h"
