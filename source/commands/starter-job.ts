/**
 * The job file that `mozart init` writes: it is valid and runs as it is, and every choice stands beside its reason.
 * `schema` is where editors find the JSON Schema.
 */
export const starterJob = ({name, schema}: {name: string; schema: string}): string => `\
# yaml-language-server: $schema=${schema}
#
# A job of Mozart. It runs as it is and costs little: four small texts, two a batch.
# Then put your own task in its place. Fields behind a "#" are further choices: take
# the "#" away to use one.

name: ${/^[a-z][a-z0-9-]*$/i.test(name) && !/^(true|false|null)$/i.test(name) ? name : JSON.stringify(name)}

# Where the results go, beside this file. It is made if it is missing.
workspace: ./workspace

# Who does the work: Claude Code, which must be installed and logged in ("claude" in a terminal).
backend:
  type: claude_cli
  # Nobody sits there to answer its questions, so it may use every tool without
  # asking. With false, it can only use what your Claude Code settings allow.
  skip_permissions: true
  # How long one attempt may take.
  timeout_seconds: 1800
  # The model, as "claude --model" takes it. Without it: the one your Claude Code uses.
  # model: sonnet
  # The folder it works in. Without it: the folder of this file.
  # working_directory: .

# Any other program that reads a prompt on its standard input does as well:
# backend:
#   type: command
#   command: [codex, exec, "-"]
# So does the Anthropic API, with the key in ANTHROPIC_API_KEY. It writes into the workspace only:
# backend:
#   type: anthropic_api
#   tools: workspace
# And so does a server of your own, such as Ollama, without a key:
# backend:
#   type: openai_compatible
#   base_url: http://localhost:11434/v1
#   model: qwen3:8b
#   tools: workspace

# How much work there is, and how much of it goes into one batch. A batch should
# be small enough to be done well in one go.
batch:
  size: 2
  total_items: 4
  # In place of total_items the items can have names; the template then has {{ items }}:
  # items: {file: items.txt}                                  one a line
  # items: {glob: "chapters/*.md"}                            every file that fits
  # items: {command: [git, log, --reverse, "--format=%h"]}    one a line of its output

# What is asked for. The parts in double braces are filled in for each batch.
prompt:
  variables:
    language: English
  template: |
    For each whole number from {{ start_item }} to {{ end_item }}, write a file
    {{ workspace }}/numbers/<number>.md in {{ language }}: a heading with the number,
    then three sentences on where it turns up in nature, history or art.

    This is batch {{ batch_num }} of {{ total_batches }}. Leave all other files alone.

# When a batch is done: all of these must be true. Nothing else counts, not even
# what the AI says about itself. Placeholders have single braces here, and paths
# begin in the workspace. There are also file_modified, content_contains and
# command_succeeds.
validations:
  - type: file_exists
    path: numbers/{start_item}.md
    description: The first text is there
  - type: file_exists
    path: numbers/{end_item}.md
    description: The last text is there
  - type: content_regex
    path: numbers/{end_item}.md
    pattern: '(?m)^# .*{end_item}'
    description: The last text has its heading

# When rules fail. Have more than half of them passed, only what is missing is
# asked for, in the same conversation; else the whole task is asked for again.
retry:
  max_completion_attempts: 3
  completion_threshold_percent: 50
  max_retries: 2
  base_delay_seconds: 10

# After a failed batch: "stop" starts nothing new, "continue" runs all the others first.
on_batch_failure: stop

# Live batches at once. With more than one, no two batches should write the same file.
parallel:
  max_concurrent: 1
pause_between_batches_seconds: 2
`;
