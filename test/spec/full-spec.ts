/** A spec that uses every key. Written in block style, one value a line, so that tests can break it line by line. */
export const fullSpec = `# yaml-language-server: $schema=./node_modules/fdw/schema/fdw.schema.json
version: 1
database: postgres://app@db.internal/analytics
extensions:
  - postgres_fdw
  - citext: {schema: ext, version: "1.6"}
  - dblink: {absent: true}
wrappers:
  postgres_fdw:
    usage:
      - deploy
  own:
    handler: ext.my_handler
    validator: none
    options:
      debug: true
    owner: postgres
    comment: of our own
    usage: []
  gone: {absent: true}
servers:
  shop:
    renamed_from: old_shop
    wrapper: postgres_fdw
    type: replica
    version: 16
    options:
      host: shop-1.internal,shop-2.internal
      port: 5432
      dbname: shop
      use_remote_estimate: true
      extensions:
        - citext
        - hstore
    owner: platform
    comment: the shop
    usage:
      - analyst
      - public
    user_mappings:
      public:
        user: shop_ro
        password: {env: SHOP_RO_PASSWORD}
      etl:
        user: shop_etl
        password:
          file: secrets/etl
      left: {absent: true, user: gone}
    prune: true
  files:
    wrapper: file_fdw
  old:
    absent: true
schemas:
  shop:
    server: shop
    remote_schema: public
    tables:
      - orders
      - customers
    import:
      collate: true
      default: false
      generated: true
      not_null: true
    types: create
    prune: true
    owner: platform
    comment: what the shop has
    create: [platform]
    usage:
      - analyst
    select:
      - analyst
    overrides:
      orders:
        renamed_from: old_orders
        options: {use_remote_estimate: true}
        owner: platform
        comment: orders
        grants: {select: [public]}
        column_grants: {update: {etl: [note]}}
        checks: {positive: total >= 0}
        partition_of: none
        columns:
          note:
            type: text
            renamed_from: remark
            statistics: 500
            options: {column_name: note}
  shop_all:
    server: shop
    tables: all
  shop_gone: {server: shop, absent: true}
  shop_some:
    server: shop
    tables:
      except:
        - audit_log
  reporting:
    owner: platform
    comment: of our own
    usage: [public]
    create: []
sharded_tables:
  app.events:
    partition_by: hash (tenant_id)
    columns: {tenant_id: bigint not null}
    shards: {server: "shop", name: "e{shard}", options: {table_name: "t{shard}"}, columns: {tenant_id: {column_name: "tenant{shard}"}}}
    gaps: allow
    owner: platform
    comment: ''
    grants: {select: [public]}
  app.years:
    partition_by: RANGE (year, lower(note))
    columns: {year: int, note: text}
    partitions:
      y0: {server: shop, from: [MINVALUE, "MINVALUE"], to: [2024, x], options: {table_name: t}}
      y1: {server: shop, default: true, comment: the rest, grants: {select: [public]}, columns: {note: {options: {column_name: remark}, statistics: 7, n_distinct: 5, n_distinct_inherited: 5, comment: a note}}}
  app.regions:
    partition_by: list (region)
    columns: {region: text}
    partitions:
      r0: {server: shop, values: [de, null]}
  app.halves:
    partition_by: hash (id)
    columns: {id: int}
    partitions:
      h0: {server: shop, modulus: 2, remainder: 0}
      h1: {server: shop, modulus: 2, remainder: 1}
types:
  reporting.status:
    enum: [new, '', paid]
    owner: platform
    comment: of an order
    usage: [analyst]
  reporting.email:
    domain:
      type: text
      collation: C
      not_null: true
      default: "'nobody'"
      checks: {at: "VALUE LIKE '%@%'"}
  reporting.short: {domain: character varying(20)}
  reporting.address:
    composite:
      street: {type: text, collation: C}
      number: integer
  reporting.period: {range: date}
  reporting.words:
    range:
      subtype: text
      opclass: text_pattern_ops
      collation: C
      subdiff: reporting.far
      multirange: many_words
  reporting.gone: {absent: true}
tables:
  reporting.order_totals:
    server: shop
    options:
      schema_name: public
      table_name: orders
    owner: platform
    comment: ''
    grants:
      select:
        - public
      insert: []
      update: [etl]
      delete: [etl]
      truncate: [etl]
      trigger: [etl]
    checks:
      positive: amount >= 0
      small:
        check: amount < 1000
        no_inherit: true
        not_valid: true
        not_enforced: true
    renamed_from: reporting.totals
    column_grants:
      select:
        analyst:
          - id
      insert: {etl: [id]}
      update: {etl: [id]}
    columns:
      id: bigint not null
      at: timestamp(3) with time zone
      amount:
        type: numeric(12,2)
        column_name: total
        not_null: true
        default: 0
      note:
        type: text
        collation: C
        options:
          column_name: remark
        renamed_from: remark
        statistics: 500
        n_distinct: -0.5
        n_distinct_inherited: 1000
        storage: external
        comment: a note
      number:
        type: bigint
        identity: by default
      double:
        type: numeric
        generated: amount * 2
      triple:
        type: numeric
        generated: {virtual: amount * 3}
      half:
        type: numeric
        generated:
          stored: amount / 2
  reporting.heir:
    server: shop
    inherits:
      - reporting.base
      - reporting.order_totals
    columns: {id: bigint}
  reporting.alone: {server: shop, inherits: [], columns: {id: bigint}}
  reporting.year:
    server: shop
    partition_of:
      table: reporting.years
      from: [2024, MINVALUE]
      to: [2025, MINVALUE]
    columns: {id: bigint}
  reporting.half: {server: shop, partition_of: {table: reporting.halves, modulus: 2, remainder: 0}, columns: {id: bigint}}
  reporting.rest: {server: shop, partition_of: {table: reporting.lists, default: true}, columns: {id: bigint}}
  reporting.some: {server: shop, partition_of: {table: reporting.lists, values: [a, null]}, columns: {id: bigint}}
  reporting.gone:
    absent: true
pushdown:
  queries:
    - queries/**/*.sql
  role: analyst
  checks:
    - name: revenue by region
      sql: SELECT count(*) FROM shop.orders
      expect:
        verdict: full
        filter: remote
        max_fetched_rows: 1000
        max_fetch_ratio: 20
        max_round_trips: 50
    - name: count
      sql: SELECT count(*) FROM shop.customers
      expect: full
      ignore: {never-analyzed: it is filled anew each night}
environments: {staging: {servers: {shop: {options: {host: shop.staging}}}}}
`;
