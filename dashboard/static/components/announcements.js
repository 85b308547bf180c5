// Puts the words of a page into its live region, and asks for the page anew when the device turns dark or light.
export default function ({ data, parentElement, setTriggerValue }) {
  const region = parentElement.querySelector("[role=status]");
  if (region.textContent !== data.words) region.textContent = data.words;
  document.documentElement.lang = data.language;
  region.follow = () => {
    const ground = getComputedStyle(region).getPropertyValue("--st-background-color").trim().toLowerCase();
    if (!region.isConnected || ground === data.ground || ground === region.asked) return;
    region.asked = ground;
    setTriggerValue("scheme", ground);
  };
  region.follow();
  if (region.isWatching) return;
  region.isWatching = true;
  // Streamlit turns its own colours a moment later.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const turn = () => region.isConnected
    ? [100, 1000].forEach(wait => setTimeout(() => region.follow(), wait))
    : dark.removeEventListener("change", turn);
  dark.addEventListener("change", turn);
}
