/** The analytics database before fdw comes: two small tables of its own. */
export const analyticsSql = `
CREATE TABLE country_targets (
  country         text PRIMARY KEY,
  region          text NOT NULL,
  revenue_target  numeric(12,2) NOT NULL
);
INSERT INTO country_targets VALUES
  ('DE', 'central', 600000), ('FR', 'west', 400000), ('GB', 'west', 420000), ('NL', 'west', 180000),
  ('ES', 'south', 200000), ('IT', 'south', 190000), ('PL', 'central', 210000), ('SE', 'north', 200000);

CREATE TABLE campaigns (
  id          integer PRIMARY KEY,
  name        text NOT NULL,
  country     text NOT NULL REFERENCES country_targets,
  started_on  date NOT NULL
);
INSERT INTO campaigns VALUES
  (1, 'Back to school', 'DE', current_date - 80), (2, 'Rentree', 'FR', current_date - 75), (3, 'Black week', 'GB', current_date - 10);
ANALYZE;
`;
