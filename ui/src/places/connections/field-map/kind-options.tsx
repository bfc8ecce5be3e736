import { kindOf, type MapRow, textOf, withText } from '@/domain/field-map';
import { ComboBox } from '@/kit/combo-box';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { m } from '@/messages';

const ZONES = Intl.supportedValuesOf('timeZone').map((id) => ({ id }));

/** What can be said about a value of the kind that a row has. */
export function KindOptions({ row, onChange }: { row: MapRow; onChange: (row: MapRow) => void }) {
  const set = (key: string) => (text: string) => onChange(withText(row, key, text));
  switch (kindOf(row)) {
    case 'text':
      return null;
    case 'number':
      return (
        <div data-part="decimal">
          <Select
            label={m.map_decimal()}
            options={[{ id: 'point', label: m.map_decimal_point() }, { id: 'comma', label: m.map_decimal_comma() }]}
            value={textOf(row, 'decimal') === ',' ? 'comma' : 'point'}
            onChange={(sign) => set('decimal')(sign === 'comma' ? ',' : '')}
          />
        </div>
      );
    case 'date':
      return (
        <>
          <div data-part="format">
            <ComboBox
              label={m.map_format()}
              value={textOf(row, 'format')}
              onChange={set('format')}
              suggestions={[
                { id: '%d.%m.%Y', aside: '31.01.2026' },
                { id: '%d.%m.%Y %H:%M', aside: '31.01.2026 08:15' },
                { id: '%Y-%m-%d', aside: '2026-01-31' },
                { id: '%Y%m%d', aside: '20260131' },
                { id: '%m/%d/%Y', aside: '01/31/2026' },
                { id: 'epoch', aside: m.map_format_seconds() },
                { id: 'epoch-ms', aside: m.map_format_millis() },
              ]}
              openLabel={m.map_formats()}
              placeholder={m.map_format_usual()}
              mono
            />
          </div>
          <div data-part="zone">
            <ComboBox label={m.map_zone()} value={textOf(row, 'zone')} onChange={set('zone')} suggestions={ZONES} openLabel={m.map_zones()} placeholder={m.map_zone_usual()} />
          </div>
        </>
      );
    case 'list':
      return (
        <div data-part="separator">
          <TextField label={m.map_separator()} placeholder={m.map_separator_hint()} value={textOf(row, 'separator')} onChange={set('separator')} mono />
        </div>
      );
  }
}
