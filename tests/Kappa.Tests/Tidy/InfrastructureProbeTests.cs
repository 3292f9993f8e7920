using System.Globalization;
using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>What the platform asks the apps, and how long it waits: so that neither a slow join nor a bad view takes away what works.</summary>
public sealed class InfrastructureProbeTests
{
    /// <summary>What Orleans takes for a join at most (<c>ClusterMembershipOptions.MaxJoinAttemptTime</c>), and a minute to open the log.</summary>
    private const int JoinSeconds = 360;

    [Fact]
    public void No_probe_asks_for_views_since_a_bad_one_would_take_every_replica_out_of_traffic() =>
        Assert.Equal(["/health/live"], new[] { "silo", "web" }.SelectMany(module => Probes(module).Values).Select(probe => probe.Path).Where(path => path.Length > 0).Distinct());

    [Fact]
    public void A_silo_is_reached_while_it_joins_and_is_not_killed_for_joining_slowly()
    {
        var probes = Probes("silo");
        // HTTP is answered only once the silo has joined.
        Assert.Equal(("", ""), (probes["Startup"].Path, probes["Readiness"].Path));
        Assert.All(["Startup", "Readiness"], type => Assert.Equal(11111, probes[type].Port));
        Assert.InRange(probes["Startup"].Seconds, JoinSeconds, 600);
        Assert.InRange(probes["Liveness"].Seconds, JoinSeconds, 600);
        // Until a probe has succeeded once more ingress does not lead there, and the others take the silo for dead.
        Assert.InRange(probes["Startup"].Period, 1, 5);
        Assert.InRange(probes["Readiness"].Period, 1, 5);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("web")]
    public void Probes_say_how_long_they_wait_and_stay_within_what_the_platform_takes(string module) => Assert.All(Probes(module), probe =>
    {
        Assert.True(probe.Value.Timeout >= 2, $"{module}, {probe.Key}: one second, the default, is less than a busy process may take.");
        Assert.InRange(probe.Value.Failures, 1, probe.Key switch { "Startup" => 240, "Readiness" => 48, _ => 30 });
    });

    [Fact]
    public void The_platform_waits_longer_for_the_end_than_the_host_does()
    {
        var engine = SourceTree.Files.Single(file => file.Path == "src/Silo/Hosting/AzureEngine.cs").Text;
        var host = Number(engine, @"_shutdown = TimeSpan\.FromSeconds\((\d+)\)");
        foreach (var module in new[] { "silo", "web" })
            Assert.True(Number(BicepText.Module(module).Text, @"terminationGracePeriodSeconds: (\d+)") >= host + 15, $"{module}.bicep grants less than the {host} s of AzureEngine, and some to spare.");
    }

    private static Dictionary<string, (string Path, int Port, int Period, int Timeout, int Failures, int Seconds)> Probes(string module) =>
        Regex.Matches(BicepText.Module(module).Text, @"type: '(?<type>Startup|Readiness|Liveness)'\n(?<rest>(?:\s+\w+: [^\n]+\n)+)").ToDictionary(match => match.Groups["type"].Value, match =>
        {
            var text = match.Groups["rest"].Value;
            var (period, failures) = (Number(text, @"periodSeconds: (\d+)"), Number(text, @"failureThreshold: (\d+)"));
            return (Regex.Match(text, @"path: '([^']+)'").Groups[1].Value, Number(text, @"port: (\d+)"), period, Number(text, @"timeoutSeconds: (\d+)"), failures, period * failures);
        });

    private static int Number(string text, string pattern) =>
        Regex.Match(text, pattern) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"No {pattern} in {text}");
}
