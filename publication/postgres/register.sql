-- The register of the shelf. What its columns say stands in their comments.
create schema coopzones;
create table coopzones.shelved_releases (
    load_number bigint primary key,
    release_id bigint not null,
    as_of timestamptz not null,
    rules_version text not null,
    schema_name text not null,
    started_at timestamptz not null default clock_timestamp(),
    shelved_at timestamptz,
    replaced_at timestamptz,
    dropped_at timestamptz
);
comment on table coopzones.shelved_releases is
    '上架记录：每次上架一行，schema_name 为 marts 者即当前发布。'
    'One row a load; readers read the one in marts.';
comment on column coopzones.shelved_releases.load_number is
    '上架序号。Number of the load.';
comment on column coopzones.shelved_releases.release_id is
    '发布编号。Number of the release.';
comment on column coopzones.shelved_releases.as_of is
    '截至时点。The as-of moment of the release.';
comment on column coopzones.shelved_releases.rules_version is
    '规则版本。Version of the rules it was judged by.';
comment on column coopzones.shelved_releases.schema_name is
    '其集市所在的模式。The schema that its marts stand in.';
comment on column coopzones.shelved_releases.started_at is
    '开始装载的时间。When loading began.';
comment on column coopzones.shelved_releases.shelved_at is
    '换入的时间；未换入为空。When it was swapped in; null if it never was.';
comment on column coopzones.shelved_releases.replaced_at is
    '被替换的时间。When another one took its place.';
comment on column coopzones.shelved_releases.dropped_at is
    '其集市被删除的时间。When its marts were dropped.';
