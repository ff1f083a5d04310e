/* Ends the process that makes an instance of it, as the configuration says: {"greeting":"signal|exit|hang|quit"}. */
#include <signal.h>
#include <unistd.h>
#include "parts.h"
static int says(const baton_create_args* args, const char* word) {
  const char* at = memchr(args->config.data, ':', args->config.size);
  return at != NULL && strncmp(at + 2, word, strlen(word)) == 0;
}
static baton_status leave(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  fprintf(stderr, "the last words\n");
  if (says(args, "signal")) raise(SIGSEGV);
  if (says(args, "exit")) exit(0);
  if (says(args, "quit")) _exit(7);
  while (says(args, "hang")) pause();
  return correct_create(host, args, out);
}
#define CREATE leave
#include "entry.h"
