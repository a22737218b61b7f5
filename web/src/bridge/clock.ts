/** How this phone's clock stands to the server's, as that was last heard. */
export interface ClockState {
	/** To be added to what the clock says. */
	offsetMs: number;
	/** Off by more than minutes. */
	isWrong: boolean;
	/** Wrong, and nobody was told so yet. */
	isNews: boolean;
}
