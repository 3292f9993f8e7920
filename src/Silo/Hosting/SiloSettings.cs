using System.Net;
using Kappa.Grains;
using Kappa.Web.Hosting;

namespace Kappa.Silo.Hosting;

/// <summary>What can be set below <c>Kappa:</c> for the Orleans host, besides what every host has.</summary>
public sealed class SiloSettings : KappaOptions
{
    public const string SiloRole = "silo", WebRole = "web";

    private const int SilosMax = 16;

    /// <summary>So much room names of documents leave in a partition key of table storage.</summary>
    private const int ServiceCharactersMax = 64;

    /// <summary>What this process does: <c>silo</c> folds, <c>web</c> serves clients. Both by default; on Azure an app of its own for each is usual.</summary>
    public string[] Roles { get; set; } = [SiloRole, WebRole];

    public AzureOptions Azure { get; set; } = new();
    public ClusterOptions Cluster { get; set; } = new();
    public EngineSettings Grains { get; set; } = new();

    public bool IsSilo => Roles.Contains(SiloRole);
    public bool IsWeb => Roles.Contains(WebRole);

    public GrainsOptions ToGrainsOptions() => new()
    {
        WriteBehind = Grains.WriteBehind,
        AuditEvery = Grains.AuditEvery,
        WindowEventsMax = Grains.WindowEventsMax,
        QuestionsMax = Grains.QuestionsMax,
        LiveDistance = Grains.LiveDistance,
        IndexShards = Grains.IndexShards,
        Lease = Grains.Lease,
        DuplicateWindow = Log.DuplicateWindow ?? Kappa.Log.LogOptions.DuplicateWindowDefault,
        WatchReplayMax = Watch.ReplayMax,
        WatchersMax = Watch.WatchersMax,
    };

    public override IReadOnlyList<string> Validate()
    {
        List<string> problems = [.. base.Validate(), .. Azure.Validate(), .. ToGrainsOptions().Validate()];
        foreach (var role in Roles.Where(role => role is not (SiloRole or WebRole)))
            problems.Add($"Kappa:Roles names '{role}', but there are silo and web.");
        if (Roles.Length == 0)
            problems.Add("Kappa:Roles is empty; name silo, web, or both.");
        if (!Azure.HasEventHubs && (!IsSilo || !IsWeb))
            problems.Add("Kappa:Roles names one role, and Kappa:Azure:EventHubs is not set: without Azure one process does all.");
        if (Azure.HasEventHubs && !Azure.HasTables)
            problems.Add("Kappa:Azure:Tables:Uri is missing, and Kappa:Azure:EventHubs is set: silos find each other, and keep their state, in tables.");
        if (Azure.HasEventHubs && Cluster.Silos != 1)
            problems.Add($"Kappa:Cluster:Silos is {Cluster.Silos}, and Kappa:Azure:EventHubs is set: on Azure each silo is a process of its own; leave it at 1.");
        if (Cluster.Silos is < 1 or > SilosMax)
            problems.Add($"Kappa:Cluster:Silos is {Cluster.Silos}, but must be 1 to {SilosMax}.");
        problems.AddRange(Cluster.WrongPorts());
        if (Cluster.Service.Length is < 1 or > ServiceCharactersMax)
            problems.Add($"Kappa:Cluster:Service has {Cluster.Service.Length} characters, but must have 1 to {ServiceCharactersMax}: it begins the name of every document.");
        if (Cluster.AdvertisedAddress is { } address && !IPAddress.TryParse(address, out _))
            problems.Add($"Kappa:Cluster:AdvertisedAddress is '{address}', but must be an IP address that the other silos reach.");
        return problems;
    }

    /// <summary>The cluster, and this silo's place in it.</summary>
    public sealed class ClusterOptions
    {
        public string Id { get; set; } = "kappa";
        public string Service { get; set; } = "kappa";

        /// <summary>How many silos this process runs; for trying out what many do, without Azure.</summary>
        public int Silos { get; set; } = 1;

        public int SiloPort { get; set; } = 11111;
        public int GatewayPort { get; set; } = 30000;

        /// <summary>The address under which other silos reach this one, where it is not this machine's own.</summary>
        public string? AdvertisedAddress { get; set; }

        public int? AdvertisedSiloPort { get; set; }
        public int? AdvertisedGatewayPort { get; set; }

        /// <summary>Every silo of this process has ports of its own, one above the other.</summary>
        internal IEnumerable<string> WrongPorts() =>
            from port in new (string Key, int? First, int Count)[]
            {
                (nameof(SiloPort), SiloPort, Silos), (nameof(GatewayPort), GatewayPort, Silos),
                (nameof(AdvertisedSiloPort), AdvertisedSiloPort, 1), (nameof(AdvertisedGatewayPort), AdvertisedGatewayPort, 1),
            }
            let last = IPEndPoint.MaxPort - Math.Clamp(port.Count, 1, SilosMax) + 1
            where port.First < 1 || port.First > last
            select $"Kappa:Cluster:{port.Key} is {port.First}, but must be a port, 1 to {last}.";
    }

    /// <summary>The bounds of the engine; see <see cref="GrainsOptions"/>.</summary>
    public sealed class EngineSettings
    {
        public TimeSpan WriteBehind { get; set; } = new GrainsOptions().WriteBehind;
        public TimeSpan AuditEvery { get; set; } = new GrainsOptions().AuditEvery;
        public int WindowEventsMax { get; set; } = new GrainsOptions().WindowEventsMax;
        public int QuestionsMax { get; set; } = new GrainsOptions().QuestionsMax;
        public int LiveDistance { get; set; } = new GrainsOptions().LiveDistance;
        public int IndexShards { get; set; } = new GrainsOptions().IndexShards;
        public TimeSpan Lease { get; set; } = new GrainsOptions().Lease;
    }
}
