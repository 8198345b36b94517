import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { closed, described, flag, LABEL, mapOf, name, NAME, oneOf, setOf } from './vocabulary.ts';

const PATH = '^[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39}){0,2}$';

/** Schema of print templates (DESIGN §9). Lengths are millimetres. */
export function templateSchema(): JsonSchema {
  const length = (description: string): JsonSchema => ({
    type: 'number',
    minimum: 0,
    maximum: 2000,
    description,
  });
  const count = (description: string): JsonSchema => ({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    description,
  });
  const margins = closed(
    {
      top: length('上 / Top'),
      right: length('右 / Right'),
      bottom: length('下 / Bottom'),
      left: length('左 / Left'),
    },
    ['top', 'right', 'bottom', 'left'],
    '页边距 / Margins',
  );
  const paper = closed(
    {
      width: { ...length('宽 / Width'), minimum: 10 },
      height: { ...length('高 / Height'), minimum: 10 },
      margins,
      rows: count('标签行数 / Rows of labels'),
      columns: count('标签列数 / Columns of labels'),
      rowGap: length('行距 / Gap between rows'),
      columnGap: length('列距 / Gap between columns'),
    },
    ['width', 'height'],
    '纸张(毫米) / Paper in millimetres',
  );
  const source = closed({ entity: name('实体 / Entity'), fields: setOf(PATH, '字段 / Fields') }, [
    'entity',
    'fields',
  ]);
  return publish('template', {
    title: '打印模板 / Print template',
    description: '信封、标签、列表或信函 / An envelope, labels, a list or a letter',
    name: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_-]{0,39}(\\.[a-z][a-z0-9_-]{0,39})?$',
      description: '名称 / Name',
    },
    required: ['label', 'entity', 'kind', 'paper', 'body', 'fields'],
    properties: {
      label: described(LABEL, '名称 / Label'),
      entity: {
        type: 'string',
        pattern: '^(\\*|[a-z][a-z0-9_]{0,39})$',
        description: '实体,* 为任意 / Entity; * for any',
      },
      kind: oneOf(['envelope', 'label', 'list', 'letter'], '种类 / Kind'),
      paper,
      body: {
        type: 'string',
        minLength: 1,
        maxLength: 200_000,
        description: 'Handlebars 文件名或内容 / Handlebars file beside this document, or the body itself',
      },
      fields: mapOf(
        PATH,
        closed({ required: flag('缺值时打印前提示 / Reported before printing when empty') }),
        '所用字段 / Fields that the body reads',
      ),
      sources: mapOf(NAME, source, '另取的单条记录 / Single records beside the printed ones'),
    },
  });
}
