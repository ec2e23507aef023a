/** A fresh config, as `clv init` writes it: every key, its meaning, and its default. */
export const CONFIG_TEMPLATE = `# CLV Horizon: the one file that operators edit.
# Comments and order survive every write by the program. An unknown key or an impossible value is an error that names
# the line; a key that is left out has the value shown here.

general:
  # Business time zone (IANA name, for example Europe/Berlin). Cutoffs and windows are dates in this zone.
  timezone: UTC

data:
  # The shop's orders: a path or glob, relative to this home. CSV, CSV.gz, TSV, NDJSON or Parquet.
  orders: null
  # How the text of CSV and NDJSON is encoded, by its usual name: windows-1252 (or latin-1; western Europe), windows-1250
  # (central Europe), iso-8859-15, utf-16, shift_jis. null: UTF-8. A file that begins with a byte order mark of UTF-8 or
  # UTF-16 is read as such, whatever is set here.
  encoding: null
  # order: one row for each order. line: invoice lines, which are summed to orders by order_id.
  grain: order
  # What the columns are called in the shop's files.
  columns:
    customer_id: customer_id
    order_date: order_date
    # A column, or quantity times price: { quantity: Quantity, unit_price: Price }
    revenue: revenue
    # Used to recognise duplicates. null if there is none.
    order_id: order_id
  # Ids that mean "none", in exactly this spelling: a row with such a customer is counted as a guest's. A shop whose guests
  # all have the number 0 adds '0'; one with a customer called NA removes 'NA'.
  null_ids: ['NULL', 'null', '\\N', 'NaN', 'nan', 'None', '<NA>', 'NA', 'N/A', '#N/A']
  # null reads ISO dates and timestamps. Otherwise a strptime format, for example "%d/%m/%Y".
  date_format: null
  # The decimal mark of amounts. ",": 1.234,50 and 1.234 are more than a thousand. ".": 1,234.50 and 1,234 are. null: the
  # point, and 1,234 is refused, because it could be either.
  decimal_mark: null
  # Share of the rows (0 to 1) that may be unusable before a job fails. They are listed in outputs/data_quality.
  max_reject_share: 0.01
  # A run fails if the newest order is more than this many days older than the cutoff: an export that stopped makes every
  # customer look as if they had left. 7 suits a shop that loads its orders once a week. null: no check.
  max_staleness_days: 7

run:
  # The cutoff that the next scoring run uses (YYYY-MM-DD). The program moves it on after each complete run; the first
  # training sets it to the day after the last order.
  last_score_cutoff: null

schedule:
  # The day on which the shop starts with CLV Horizon (YYYY-MM-DD). Runs begin on Mondays: every fortnight in the first 12
  # weeks, after that on the first Monday of each month. The cutoff moves by 14 days a run up to 12 weeks after this day,
  # after that by 30. null: nothing runs by the calendar.
  launch_date: null
  # The hour of the business day (0 to 23) at which runs begin.
  hour: 6
  # What to do about runs that were missed because no worker was running. one: one run for all of them. all: one run for
  # each, in order. none: no run; the calendar continues with the next slot.
  catch_up: one
  # Hours after the end of a prediction window before its revenue is read, for orders that arrive late.
  data_lag_hours: 0
  data_wait:
    # While the orders do not yet reach the end of a prediction window, the comparison is tried this many times,
    attempts: 48
    # this many minutes apart.
    minutes: 60

modeling:
  # Months of orders before the cutoff that features are computed from.
  history_months: 12
  # Months after the cutoff whose revenue is predicted.
  pred_months: 6
  # tournament: naive forecasts, a purchase model, forests and boosted trees compete on earlier months; what does best there
  # is trained, mostly a mixture. forest: a single random forest. ml-random-forest: the library of that name, for comparison
  # on small shops; above 3,000 customers it is refused, because its time grows with the square of the customers.
  engine: tournament
  # true allows ml-random-forest above that limit too, however long it takes.
  force_engine: false
  # Caps the revenue that trees learn from at this quantile (above 0.5, below 1): 0.995 caps the largest half per cent.
  # Forecasts become steadier, but too low by what is cut off. Of a tournament only. null: no cap.
  winsorise: null
  # Where customers have ordered much more or less often for some months, clv train says since when. lasts: forecasts take it
  # that this goes on. passes: that it is over, such as a strike that has ended; then put it back to lasts some months later.
  # Of a tournament only.
  level_shift: lasts
  # The seed of everything random: same orders, same config, same seed, same files.
  seed: 42
  # What a model may learn from: names of features and of their groups (base, recent, value, rhythm, season, lifetime), or
  # all; docs/features.md lists them. The eleven base features are always included. [base]: only those.
  features: [all]
  forest:
    # More trees: smoother predictions, longer training.
    trees: 200
    # Longest path from the root of a tree to a leaf.
    max_depth: 12
    # Fewest customers in a leaf. More: smoother, but less able to follow unusual customers.
    min_samples_leaf: 5
    # Share of the features (0 to 1) that each split may choose from.
    features_per_split: 0.3333333333333333
    # Bins that each feature is cut into, at most 255.
    max_bins: 255

grid_search:
  # Months of history to try. Each pair of history and prediction that the orders are long enough for is evaluated.
  history_months: [3, 6, 9, 12, 15, 18]
  # Months to predict to try.
  pred_months: [3, 6, 9, 12]
  # Most rolling origins at which each pair is fitted and measured.
  folds: 4
  # The RMSE that pairs are compared by. skill: relative to the RMSE of a naive forecast of the same months. relative: to
  # the mean revenue. absolute: in currency; it favours the shortest horizon.
  rmse_basis: skill
  weights:
    # The weight of a low RMSE. The two weights add up to 1.
    rmse: 0.5
    # The weight of a high R².
    r2: 0.5
  hyper_parameters:
    # Lists of values to try beside the windows, for example [100, 200]; an empty list keeps modeling.forest.
    trees: []
    # As above.
    max_depth: []
    # As above.
    min_samples_leaf: []
    # As above.
    features_per_split: []

eligibility:
  # What the orders must reach before a model is trained on them; a person can override it with a note. Customers with an
  # order, at least.
  min_customers: 500
  # Days of orders beyond the longest window, at least.
  min_days_beyond_window: 180
  # Age of the last order in days, at most.
  max_days_since_last_order: 30
  # Customers with two orders or more, returns not counted, at least.
  min_repeat_buyers: 50

monitoring:
  # An alert is raised when the RMSE of predictions whose months have passed exceeds the model's baseline by more than this
  # share.
  drift_threshold_rmse: 0.2
  # The same for a fall of R²: a share of the baseline's R² while that is positive, otherwise points of R².
  drift_threshold_r2: 0.15
  # How many days without an order at the end of the predicted months count as quiet rather than as missing data, whatever
  # the shop's pace. Raise it only if the shop really sold nothing.
  accept_quiet_days: 0
  # Where drift alerts are sent. null: nowhere. Secrets are read from the environment variables named here.
  alerts:
    # JSON, signed with HMAC-SHA256: { url: https://example.org/hook, secret_env: CLV_WEBHOOK_SECRET }
    webhook: null
    # An incoming webhook of Slack or a compatible service: { url_env: CLV_SLACK_URL }
    slack: null
    # Mail: { host: mail.example.org, port: 587, security: starttls, from: clv@example.org, to: [data@example.org],
    # user_env: CLV_SMTP_USER, password_env: CLV_SMTP_PASSWORD }. security is starttls, tls or none.
    email: null

governance:
  # true: whoever approved the window at gate 1 cannot sign the model off at gate 2, and nobody can train and sign in
  # one step. false suits a person who works alone.
  distinct_approvers: false
  # Months after which a person is asked to check whether the champion's window is still the right one. Nothing starts by
  # itself.
  review_months: 3

segments:
  # Value tiers: a customer is in the first tier whose up_to is at least rank / customers.
  tiers:
    - { label: Top 1%, up_to: 0.01 }
    - { label: Top 5%, up_to: 0.05 }
    - { label: Top 10%, up_to: 0.1 }
    - { label: Top 20%, up_to: 0.2 }
    - { label: Others, up_to: 1 }
  # How many behaviour clusters to look for.
  clusters: 5

retention:
  # Months that a model's binary is kept after the training, or after it left service. Its card stays, and clv reproduce
  # can make the binary again. The champion's is never deleted.
  model_binaries_months: 9
  # Months that predictions and the files that belong to them are kept after their window has passed, at least 12. Then
  # they are packed into outputs/archive. Predictions whose actual revenue is not known are never moved.
  predictions_months: 12
  # Months that monitoring files, drift alerts and the reports of retention are kept.
  monitoring_months: 12
  # Months that rejected rows are kept.
  rejects_months: 12

compute:
  # Worker threads. null: one for each core.
  threads: null
`;
