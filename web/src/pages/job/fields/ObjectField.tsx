import { Loader, MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, orThrow } from '~/api/client';
import { asProblem } from '~/api/problem';
import { listsOfModels, pickerQuery, type Variable } from '../variables';
import { inputProps, type FieldProps } from './field';

interface Item {
  value: string;
  label: string;
}

type Row = { id: string; display: string } & Record<string, unknown>;

/** The list depends on the variable, so its path is none that the types know. */
function read(path: string, signal: AbortSignal): Promise<unknown> {
  return orThrow(api.GET(path as never, { signal } as never));
}

function itemOf(variable: Variable, row: Row): Item {
  const named = variable.display_field ? row[variable.display_field] : undefined;
  return { value: row.id, label: String(named ?? row.display) };
}

/** What the picker offers: a page of the server's list, searched there, and what is chosen. */
function useItems({ field, values }: FieldProps, chosen: string[]) {
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 250);
  const list = listsOfModels[field.model ?? ''];
  // What stands in the box is the chosen label at first: it is searched for only once it differs.
  const [labels, setLabels] = useState<Record<string, string>>({});
  const isLabel = chosen.some((id) => labels[id] === wanted);
  const query = pickerQuery(field, values, isLabel ? '' : wanted);
  const found = useQuery({
    queryKey: ['picker', list, query],
    queryFn: async ({ signal }) => {
      const page = (await read(`${list}?${query}`, signal)) as { results: Row[] };
      return page.results.map((row) => itemOf(field, row));
    },
    enabled: list !== undefined,
    placeholderData: keepPreviousData,
  });
  const items = [...(found.data ?? [])];
  if (field.null_option) items.unshift({ value: 'null', label: field.null_option });
  const missing = chosen.filter((id) => !items.some((one) => one.value === id));
  const single = useQueries({
    queries: missing.map((id) => ({
      queryKey: ['picker', list, 'one', id],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        itemOf(field, (await read(`${list}${encodeURIComponent(id)}/`, signal)) as Row),
      enabled: list !== undefined,
      retry: false,
    })),
  });
  missing.forEach((id, place) => items.push(single[place]?.data ?? { value: id, label: id }));
  const nothing = found.isError
    ? asProblem(found.error).detail
    : found.isFetching
      ? 'Searching…'
      : 'Nothing is called so';
  return {
    items,
    nothing,
    busy: found.isFetching,
    search,
    setSearch: (text: string) => {
      setLabels(Object.fromEntries(items.map((one) => [one.value, one.label])));
      setSearch(text);
    },
  };
}

/** An object of the server's, found by typing a part of its name. */
export function ObjectField(props: FieldProps) {
  const { field, value, onChange } = props;
  const chosen = typeof value === 'string' && value !== '' ? [value] : [];
  const { items, nothing, busy, search, setSearch } = useItems(props, chosen);
  return (
    <Select
      {...inputProps(props)}
      data={items}
      value={chosen[0] ?? null}
      onChange={(id) => onChange(id ?? '')}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      clearable={!field.required}
      allowDeselect={!field.required}
      placeholder="Search"
      nothingFoundMessage={nothing}
      rightSection={busy ? <Loader size={14} /> : undefined}
    />
  );
}

export function MultiObjectField(props: FieldProps) {
  const { value, onChange } = props;
  const chosen = Array.isArray(value) ? value : [];
  const { items, nothing, search, setSearch } = useItems(props, chosen);
  return (
    <MultiSelect
      {...inputProps(props)}
      data={items}
      value={chosen}
      onChange={onChange}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      clearable
      placeholder={chosen.length === 0 ? 'Search' : ''}
      nothingFoundMessage={nothing}
    />
  );
}
