package providers

// videoServices are where fans watch.
var videoServices = []service{
	{key: "youtube", name: "YouTube", at: "youtube.com youtu.be youtube-nocookie.com yt.be"},
	{key: "vimeo", name: "Vimeo", at: "vimeo.com"},
	{key: "twitch", name: "Twitch", at: "twitch.tv"},
	{key: "kick", name: "Kick", at: "kick.com"},
	{key: "dailymotion", name: "Dailymotion", at: "dailymotion.com dai.ly"},
	{key: "bilibili", name: "Bilibili", at: "bilibili.com bilibili.tv b23.tv"},
	{key: "niconico", name: "Niconico", at: "nicovideo.jp nico.ms"},
	{key: "youku", name: "Youku", at: "youku.com"},
	{key: "rumble", name: "Rumble", at: "rumble.com"},
	{key: "odysee", name: "Odysee", at: "odysee.com"},
	{key: "nebula", name: "Nebula", at: "nebula.tv nebula.app"},
	{key: "vevo", name: "Vevo", at: "vevo.com vevo.ly"},
	{key: "rutube", name: "RUTUBE", at: "rutube.ru"},
	{key: "trovo", name: "Trovo", at: "trovo.live"},
	{key: "streamable", name: "Streamable", at: "streamable.com"},
}
