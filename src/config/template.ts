/** A fresh config, as `clv init` writes it: every key, its meaning, and its default. */
export const CONFIG_TEMPLATE = `# CLV Horizon: the one file that operators edit.
# Comments and order survive every write by the program. An unknown key or an impossible value is an error with its
# line number; a key that is left out has the value shown here.

general:
  # Business time zone (IANA name, for example Europe/Berlin). Cutoffs and windows are dates in this zone.
  timezone: UTC

data:
  # The shop's orders: a path or glob, relative to this home. CSV, CSV.gz, TSV, NDJSON or Parquet.
  orders: null
  # How the text of CSV and NDJSON is encoded, by its usual name: windows-1252 (or latin-1; western Europe), windows-1250
  # (central Europe), iso-8859-15, utf-16, shift_jis. null: UTF-8. A file that begins with a mark of UTF-8 or UTF-16 is read
  # as that, whatever stands here.
  encoding: null
  # order: one row an order. line: invoice lines, which are summed to orders by order_id.
  grain: order
  # What the columns are called in the shop's files.
  columns:
    customer_id: customer_id
    order_date: order_date
    # A column, or quantity times price: { quantity: Quantity, unit_price: Price }
    revenue: revenue
    # With it duplicates are recognised. null if there is none.
    order_id: order_id
  # Ids that stand for none, letter for letter: a row with such a customer is a guest's, and is counted as one. A shop whose
  # guests all have the number 0 adds '0'; one with a customer who is called NA takes 'NA' away.
  null_ids: ['NULL', 'null', '\\N', 'NaN', 'nan', 'None', '<NA>', 'NA', 'N/A', '#N/A']
  # null reads ISO dates and timestamps. Else a strptime format, for example "%d/%m/%Y".
  date_format: null
  # What stands before the decimals of amounts. ",": 1.234,50 and 1.234 are more than a thousand. ".": 1,234.50 and 1,234
  # are. null: the point, and 1,234 is refused, because it could be either.
  decimal_mark: null
  # Share of the rows (0 to 1) that may be unusable before a job fails. They are listed in outputs/data_quality.
  max_reject_share: 0.01
  # Days between the newest order and the cutoff, at most, for a run to begin: an export that stopped makes every customer
  # look as if they had left. 7 lets a shop through that loads its orders once a week. null: never look.
  max_staleness_days: 7

run:
  # The cutoff that the next scoring run uses (YYYY-MM-DD). The program moves it on after each complete run; the first
  # training sets it to the day after the last order.
  last_score_cutoff: null

schedule:
  # First day of the shop's life with CLV Horizon (YYYY-MM-DD). Runs begin on Mondays: every fortnight in the first 12
  # weeks, from then on the first Monday of the month. The cutoff moves by 14 days a run up to 12 weeks after it, from
  # then on by 30. null: nothing runs by the calendar.
  launch_date: null
  # The hour of the business day (0 to 23) at which runs begin.
  hour: 6
  # What follows when runs were missed because no worker was there. one: one run for all of them. all: one run for each,
  # in order. none: no run; the calendar goes on with the next slot.
  catch_up: one
  # Hours after the end of a prediction window before its revenue is read, for orders that arrive late.
  data_lag_hours: 0
  data_wait:
    # While the orders do not reach the end of a prediction window yet, they are looked at this many times,
    attempts: 48
    # so many minutes apart.
    minutes: 60

modeling:
  # Months of orders before the cutoff that features are computed from.
  history_months: 12
  # Months after the cutoff whose revenue is predicted.
  pred_months: 6
  # tournament: naive forecasts, a purchase model, forests and boosted trees compete on earlier months, and what proves best
  # there is trained, mostly a mixture. forest: a random forest alone. ml-random-forest: the library of that name, for
  # comparison on small shops; above 3,000 customers it is refused, because its time grows with the square of the customers.
  engine: tournament
  # true trains with ml-random-forest above that limit too, however long it takes.
  force_engine: false
  # Quantile (above 0.5, below 1) that the revenue that trees learn from is cut to: 0.995 cuts the largest half per cent.
  # Steadier, and too low by what is cut. null: learn from all of it.
  winsorise: null
  # Everything random is drawn from this seed: same orders, same config, same seed, same files.
  seed: 42
  # What a model may learn from: names of features and of their groups (base, recent, value, rhythm, season, lifetime), or
  # all; docs/features.md lists them. The eleven base features are always among them. [base]: those alone.
  features: [all]
  forest:
    # More trees: smoother predictions, longer training.
    trees: 200
    # Longest way from the root of a tree to a leaf.
    max_depth: 12
    # Fewest customers in a leaf. More: smoother, less able to follow rare customers.
    min_samples_leaf: 5
    # Share of the features (0 to 1) that each split may choose from.
    features_per_split: 0.3333333333333333
    # Bins that each feature is cut into, at most 255.
    max_bins: 255

grid_search:
  # Months of history to try, and months to predict; each pair that the orders are long enough for is evaluated.
  history_months: [3, 6, 9, 12, 15, 18]
  # Months to predict that are tried.
  pred_months: [3, 6, 9, 12]
  # Rolling origins that each pair is fitted and measured at, at most.
  folds: 4
  # The RMSE that pairs are compared by. skill: over the RMSE of a naive forecast of the same months. relative: over the
  # mean revenue. absolute: in currency; it favours the shortest horizon.
  rmse_basis: skill
  weights:
    # How much a low RMSE and a high R² count. Together 1.
    rmse: 0.5
    # The other part.
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
  # What the orders have to reach before a forecast is built on them. A person can override it with a note.
  min_customers: 500
  # Days of orders beyond the longest window.
  min_days_beyond_window: 180
  # Age of the last order in days, at most.
  max_days_since_last_order: 30
  # Customers with two orders or more.
  min_repeat_buyers: 50

monitoring:
  # An alert is raised when the RMSE of predictions whose months have passed lies above the model's baseline by more than
  # this share.
  drift_threshold_rmse: 0.2
  # The same for the loss of R²: a share of the baseline's R² while that is positive, else points of R².
  drift_threshold_r2: 0.15
  # Days without an order before the end of the predicted months that are taken for quiet ones rather than for missing
  # data, whatever the shop's pace. Raise it only where the shop really sold nothing.
  accept_quiet_days: 0
  # Where drift alerts are sent. null: nowhere. Secrets are read from the environment variables that are named here.
  alerts:
    # JSON, signed with HMAC-SHA256: { url: https://example.org/hook, secret_env: CLV_WEBHOOK_SECRET }
    webhook: null
    # An incoming webhook of Slack or what understands the same: { url_env: CLV_SLACK_URL }
    slack: null
    # Mail: { host: mail.example.org, port: 587, security: starttls, from: clv@example.org, to: [data@example.org],
    # user_env: CLV_SMTP_USER, password_env: CLV_SMTP_PASSWORD }. security is starttls, tls or none.
    email: null

governance:
  # true: whoever approved the window at gate 1 cannot sign the model off at gate 2, and nobody can train and sign in
  # one go. false suits a person who works alone.
  distinct_approvers: false
  # Months after which a person is asked to look again whether the champion's window is the right one. Nothing starts by
  # itself.
  review_months: 3

segments:
  # Value tiers: a customer is in the first whose up_to is not below rank / customers.
  tiers:
    - { label: Top 1%, up_to: 0.01 }
    - { label: Top 5%, up_to: 0.05 }
    - { label: Top 10%, up_to: 0.1 }
    - { label: Top 20%, up_to: 0.2 }
    - { label: Others, up_to: 1 }
  # How many behaviour clusters to look for.
  clusters: 5

retention:
  # Months that a model's binary is kept after the training, or after it left service. Its card stays, and
  # clv reproduce makes it again. The champion's never goes.
  model_binaries_months: 9
  # Months that predictions and what belongs to them are kept after their window has passed, at least 12. Then they are
  # packed into outputs/archive. Predictions whose actual revenue is not known never go.
  predictions_months: 12
  # Months that monitoring files, drift alerts and the reports of retention are kept.
  monitoring_months: 12
  # Months that rejected rows are kept.
  rejects_months: 12

compute:
  # Worker threads. null: one for each core.
  threads: null
`;
