using Kappa.Web.Hosting;

namespace Kappa.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("--Kappa:Log:Partition=4", "Kappa:Log:Partition")]
    [InlineData("--Kappa:Nonsense=1", "Kappa:Nonsense")]
    [InlineData("--Kappa:Log:Partitions=four", "Kappa:Log:Partitions")]
    [InlineData("--Kappa:Log:Partitions=0", "Kappa:Log:Partitions")]
    [InlineData("--Kappa:Log:Partitions:0=4", "Kappa:Log:Partitions")]
    [InlineData("--Kappa:Log=4", "Kappa:Log")]
    [InlineData("--Kappa:Log:Flush=Sometimes", "EveryAppend or Never")]
    [InlineData("--Kappa:Log:Flush=7", "Kappa:Log:Flush")]
    [InlineData("--Kappa:Events:UnknownTypes=Maybe", "Accept or Reject")]
    [InlineData("--Kappa:Watch:ReplayMax=-1", "Kappa:Watch:ReplayMax")]
    [InlineData("--Kappa:Cors:Origins=example.org", "Kappa:Cors:Origins")]
    [InlineData("--Kappa:Http:BodySecondsMax=0", "Kappa:Http:BodySecondsMax")]
    [InlineData("--Kappa:Log:Retention=sometime", "Kappa:Log:Retention")]
    [InlineData("--Kappa:Log:Retention=00:00:00", "Kappa:Log:Retention")]
    [InlineData("--Kappa:Capture:Every=0", "Kappa:Capture:Every")]
    [InlineData("--Kappa:Capture:Hub=a/b", "Kappa:Capture:Hub")]
    [InlineData("--Kappa:Unsecured=perhaps", "true or false")]
    [InlineData("--urls=nonsense", "nonsense")]
    [InlineData("--urls=http://0.0.0.0:5080", "Kappa:Unsecured")]
    [InlineData("--urls=http://127.0.0.1:5080;http://*:5081", "Kappa:Unsecured")]
    [InlineData("--urls=http://example.org:5080", "Kappa:Unsecured")]
    [InlineData("--urls=http://[::]:5080", "Kappa:Unsecured")]
    [InlineData("--http_ports=5080", "Kappa:Unsecured")]
    [InlineData("--Kestrel:Endpoints:Open:Url=http://0.0.0.0:5080", "Kappa:Unsecured")]
    public void A_wrong_setting_stops_the_start_and_is_named(string argument, string named)
    {
        var e = Assert.Throws<SetupException>(() => KappaHost.Build([argument], ShippedViews.Events(), ShippedViews.All()));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=http://localhost:5080")]
    [InlineData("--urls=http://127.0.0.2:5080;http://[::1]:5080")]
    [InlineData("--urls=http://0.0.0.0:5080", "--Kappa:Unsecured=true")]
    [InlineData("--kappa:log:partitions=8", "--Kappa:Log:Flush=never", "--Kappa:Cors:Origins:0=https://app.example", "--Kappa:Events:UnknownTypes=Reject")]
    public async Task Settings_that_are_right_are_taken(params string[] arguments) =>
        await KappaHost.Build(arguments, ShippedViews.Events(), ShippedViews.All()).DisposeAsync();

    [Fact]
    public async Task A_second_host_on_the_same_data_gets_a_clear_error_and_the_first_goes_on()
    {
        using var data = new TempDirectory();
        await using var first = await RunningHost.StartAsync(data.Path);
        var e = await Assert.ThrowsAsync<SetupException>(() => RunningHost.StartAsync(data.Path));
        Assert.Contains(data.Path, e.Message, StringComparison.Ordinal);
        await first.Client.OrdersAsync(Post.Order("o1", "c"));
    }

    [Fact]
    public async Task Another_number_of_partitions_than_the_log_has_is_a_clear_error()
    {
        using var data = new TempDirectory();
        await using (await RunningHost.StartAsync(data.Path, "--Kappa:Log:Partitions=2"))
        {
        }
        var e = await Assert.ThrowsAsync<SetupException>(() => RunningHost.StartAsync(data.Path, "--Kappa:Log:Partitions=3"));
        Assert.Contains("artitions", e.Message, StringComparison.Ordinal);
        await using var same = await RunningHost.StartAsync(data.Path);
        Assert.Equal(2, (await same.Client.ReadAsync("/log")).GetProperty("partitions").GetArrayLength());
    }

    [Fact]
    public async Task An_address_that_is_taken_is_a_clear_error()
    {
        using TempDirectory one = new(), two = new();
        await using var first = await RunningHost.StartAsync(one.Path);
        var e = await Assert.ThrowsAsync<SetupException>(() => RunningHost.StartAsync(two.Path, $"--urls={first.Address}"));
        Assert.Contains("--urls", e.Message, StringComparison.Ordinal);
    }
}
