"""Jobs over assets: one, the night. The job that delivers alerts stands beside its step (``alert_delivery``).

The night's steps share one process: starting processes would cost more than the steps.
"""

import dagster as dg

nightly = dg.define_asset_job(
    name="nightly",
    selection=dg.AssetSelection.all(),
    description="一夜：接收、读取、审核、转换、评判、发布 / From the inbox to a published release.",
    executor_def=dg.in_process_executor,
    tags={"dagster/max_retries": "0"},
)
