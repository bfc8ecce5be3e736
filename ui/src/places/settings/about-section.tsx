import { useQuery } from '@tanstack/react-query';
import { KeyValues } from '@/kit/key-values';
import { m } from '@/messages';
import { about as aboutQuery } from '@/queries';
import { Block } from './block';
import { LicencesBlock } from './licences-block';

export function AboutSection() {
  const desk = useQuery(aboutQuery).data;
  return (
    <>
      <Block title="Waybill" why={m.about_why()}>
        <KeyValues
          pairs={[
            { key: 'version', label: m.about_version(), value: desk?.version ?? '' },
            { key: 'licence', label: m.about_licence(), value: 'Apache-2.0' },
            { key: 'home', label: m.data_folder(), value: desk?.home ?? '', mono: true },
          ]}
        />
      </Block>
      <LicencesBlock />
    </>
  );
}
