/** Of every JSON that fdw prints; it grows when a reader of the old form would misread the new one. */
export const formatVersion = 1;
