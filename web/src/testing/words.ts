/** Every test begins with the English words, as a page begins with those of its language. */
import { asWritten } from '../../catalogue/keys';
import { modulesOf, readWords } from '../../catalogue/read';
import { take, type Compiled } from '../words/load';

for (const { language, code } of modulesOf(readWords(`${import.meta.dirname}/../../words`), asWritten))
	if (language === 'en')
		take((await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as Compiled);
