using Kappa.Log;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>Reads as of random moments of random logs, beside a fold of our own.</summary>
public abstract class RandomAsOfContract(ViewsHostMaker maker, ITestOutputHelper output) : ViewsContract(maker, output)
{
    [Theory]
    [InlineData(101, 400)]
    [InlineData(102, 3_000)]
    [InlineData(103, 3_000)]
    [InlineData(104, 12_000)] // its hot key has checkpoints
    public async Task Two_hundred_reads_at_random_times_and_cuts_equal_an_independent_fold(int seed, int many)
    {
        var events = Many(many, Math.Min(many, 2_000));
        Output.WriteLine($"seed {seed}, {events} events");
        var (random, time) = (new Random(seed), new ManualTime());
        var host = await OpenAsync(new ViewsHostSettings { Time = time }, AsOfWorld.View());
        var world = new AsOfWorld(host, time, random);
        await world.FillAsync(events);
        var said = new Dictionary<string, int>();
        for (var read = 0; read < 100; read++)
        {
            if (read == 50 && CanRestart(host))
                await host.RestartAsync(AsOfWorld.View());
            foreach (var at in (AsOf[])[world.RandomTime(), world.RandomCut()])
            {
                var key = AsOfWorld.Keys[random.Next(AsOfWorld.Keys.Length)];
                var result = await host.Views.ReadAtAsync("account", key, at, ViewsHost.Patience);
                Assert.Equal(world.CutOf(at), result.Cut);
                Assert.Equal($"{key} {at}: {await world.ExpectedAsync(key, result.Cut!)}", $"{key} {at}: {AsOfWorld.Said(result)}");
                var kind = result.Status == ReadStatus.Found ? $"Found {result.Envelope!.Token.Generation != 0}" : result.Status.ToString();
                said[kind] = said.GetValueOrDefault(kind) + 1;
            }
        }
        Output.WriteLine(string.Join(", ", said));
        // Every kind of answer must have come, or this proves less than it says.
        Assert.True(events < 1_000 || said.Count == 4, string.Join(", ", said.Keys));
    }

    [Fact]
    public async Task As_of_the_end_of_the_log_is_what_a_read_gives()
    {
        var time = new ManualTime();
        var host = await OpenAsync(new ViewsHostSettings { Time = time }, AsOfWorld.View());
        await new AsOfWorld(host, time, new Random(7)).FillAsync(500);
        foreach (var key in AsOfWorld.Keys.Where(key => key != "fragile"))
        {
            var (now, then) = (await host.ReadAsync(key), await host.Views.ReadAtAsync("account", key, AsOf.At(LogCuts.EndOf(host.Reader))));
            Assert.Equal(now.Status, then.Status);
            Assert.Equal(AsOfWorld.Said(now), AsOfWorld.Said(then));
            Assert.Equal(now.Envelope?.Token, then.Envelope?.Token);
            Assert.Equal(now.Envelope?.Time, then.Envelope?.Time);
        }
    }
}
