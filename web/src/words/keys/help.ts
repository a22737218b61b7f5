/** Made from words/en/help.json by the build; change that. */
export interface Help {
	call: string;
	text: string;
	checked: (given: { day: string }) => string;
	unchecked: string;
}
