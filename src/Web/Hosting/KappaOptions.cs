using Kappa.Capture;
using Kappa.Engine;
using Kappa.Log;

namespace Kappa.Web.Hosting;

/// <summary>
/// Everything that can be set below <c>Kappa:</c>, with its default. A key that is not here is an error at start, for a
/// misspelt limit that silently stays at its default is worse than none.
/// </summary>
public class KappaOptions
{
    public const string Section = "Kappa";

    /// <summary>Where log and views are kept; relative to the content root.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Lets the host listen beyond this machine although anybody who reaches it may then read and append.</summary>
    public bool Unsecured { get; set; }

    /// <summary>Appends demo traffic for as long as the host runs.</summary>
    public bool Demo { get; set; }

    public LogOptions Log { get; set; } = new();
    public CaptureOptions Capture { get; set; } = new();
    public EventsOptions Events { get; set; } = new();
    public WatchOptions Watch { get; set; } = new();
    public ViewsOptions Views { get; set; } = new();
    public CorsOptions Cors { get; set; } = new();
    public HttpOptions Http { get; set; } = new();

    /// <summary>Whether the log is captured: events may only leave the log for the capture.</summary>
    public bool IsCaptured => Capture.Enabled || Log.Retention is not null;

    public EngineOptions ToEngineOptions() => new()
    {
        WatchReplayMax = Watch.ReplayMax,
        WatchersMax = Watch.WatchersMax,
        Shards = Views.Shards,
        HotBytesMax = Views.HotBytesMax,
        BulkCommitBytes = Views.BulkCommitBytes,
        RebuildShare = Views.RebuildShare,
    };

    /// <summary>Names every setting that is out of range; empty if all is well.</summary>
    public virtual IReadOnlyList<string> Validate()
    {
        List<string> problems = [.. Log.Validate(), .. Capture.Validate(), .. ToEngineOptions().Validate()];
        Check(!string.IsNullOrWhiteSpace(Data), "Kappa:Data", "the path of a directory", Data);
        Check(Enum.IsDefined(Events.UnknownTypes), "Kappa:Events:UnknownTypes", "Accept or Reject", Events.UnknownTypes);
        Check(Http.ConnectionsMax is >= 1 and <= 1_000_000, "Kappa:Http:ConnectionsMax", "1 to 1,000,000", Http.ConnectionsMax);
        Check(Http.BodySecondsMax is >= 1 and <= 3600, "Kappa:Http:BodySecondsMax", "1 to 3600", Http.BodySecondsMax);
        Check(Http.BodiesBytesMax >= Log.RequestBytesMax, "Kappa:Http:BodiesBytesMax", "at least Kappa:Log:RequestBytesMax", Http.BodiesBytesMax);
        foreach (var origin in Cors.Origins)
            Check(IsOrigin(origin), "Kappa:Cors:Origins", "origins such as https://app.example, or *", origin);
        return problems;

        void Check(bool good, string name, string range, object? value)
        {
            if (!good)
                problems.Add($"{name} is '{value}', but must be {range}.");
        }
    }

    private static bool IsOrigin(string text) => text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase));

    /// <summary>What appends take.</summary>
    public sealed class EventsOptions
    {
        /// <summary>What becomes of events whose type nobody registered.</summary>
        public Kappa.Events.UnknownTypes UnknownTypes { get; set; } = Kappa.Events.UnknownTypes.Accept;
    }

    /// <summary>Bounds of watches.</summary>
    public sealed class WatchOptions
    {
        public int ReplayMax { get; set; } = new EngineOptions().WatchReplayMax;
        public int WatchersMax { get; set; } = new EngineOptions().WatchersMax;
    }

    /// <summary>Bounds of views.</summary>
    public sealed class ViewsOptions
    {
        public int Shards { get; set; } = new EngineOptions().Shards;
        public long HotBytesMax { get; set; } = new EngineOptions().HotBytesMax;
        public long BulkCommitBytes { get; set; } = new EngineOptions().BulkCommitBytes;
        public double RebuildShare { get; set; } = new EngineOptions().RebuildShare;
    }

    /// <summary>Whose pages may call.</summary>
    public sealed class CorsOptions
    {
        /// <summary>The origins whose pages may call this host; none by default, <c>*</c> for all.</summary>
        public string[] Origins { get; set; } = [];
    }

    /// <summary>Bounds of the server.</summary>
    public sealed class HttpOptions
    {
        /// <summary>The most connections at once; further ones are closed.</summary>
        public int ConnectionsMax { get; set; } = 20_000;

        /// <summary>How long the body of a request may take to arrive.</summary>
        public int BodySecondsMax { get; set; } = 60;

        /// <summary>How many bytes of bodies may be held at once; appends beyond it are told to come back.</summary>
        public long BodiesBytesMax { get; set; } = 256L << 20;
    }
}
