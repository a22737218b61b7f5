/** Waits, or until the browser says that the network is back. */
export function pause(milliseconds: number): Promise<void> {
	return new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
		self.addEventListener('online', () => resolve(), { once: true });
	});
}
