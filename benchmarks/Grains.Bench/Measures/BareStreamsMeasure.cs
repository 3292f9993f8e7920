using System.Net;
using System.Text.Json;
using Kappa.Bench.Measures;
using Kappa.Bench.Reports;
using Kappa.Bench.Workloads;
using Kappa.GrainsBench.Bare;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.GrainsBench.Measures;

/// <summary>
/// <c>bare-streams</c>: the same events, one a message, through Orleans' own memory streams into one empty grain for each customer: no log, no fold, no
/// state, nothing durable, nothing proven. What streams cost without us.
/// </summary>
internal sealed class BareStreamsMeasure : IMeasure
{
    private const string Provider = "bare";
    private static readonly TimeSpan _stuck = TimeSpan.FromSeconds(60);

    public string Name => "bare";

    public async Task<IReadOnlyList<Sample>> RunAsync(SpendWorkload workload, string folder)
    {
        var events = Enumerable.Range(0, workload.Count).Select(i => (Customer: CustomerOf(workload.Event(i)), Bytes: workload.Event(i).ToArray())).ToArray();
        using var host = await StartAsync();
        var streams = host.Services.GetRequiredKeyedService<IStreamProvider>(Provider);
        var effort = new Effort();
        await SendAsync(events, streams);
        var samples = effort.Samples("bare-streams", workload.Count).ToArray();
        await host.StopAsync();
        return samples;
    }

    private static async Task SendAsync((string Customer, byte[] Bytes)[] events, IStreamProvider streams)
    {
        var (before, sent) = (EmptyGrain.Received, 0);
        while (sent < events.Length)
        {
            await WaitAsync(() => sent - (EmptyGrain.Received - before) <= PacedAppends.WaitingMax - Appenders.BatchEvents);
            var batch = events.AsSpan(sent, Math.Min(Appenders.BatchEvents, events.Length - sent)).ToArray();
            await Task.WhenAll(batch.Select(one => streams.GetStream<byte[]>(StreamId.Create(EmptyGrain.Namespace, one.Customer)).OnNextAsync(one.Bytes)));
            sent += batch.Length;
        }
        await WaitAsync(() => EmptyGrain.Received - before >= events.Length);
    }

    private static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(21721, 21722, new IPEndPoint(IPAddress.Loopback, 21721), "bare", "bare");
            silo.AddMemoryStreams<DefaultMemoryMessageBodySerializer>(Provider, streams =>
            {
                streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                streams.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10)));
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static string CustomerOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("subject"u8) && reader.Read())
                return reader.GetString()!;
        throw new InvalidDataException("An event of the workload has no subject.");
    }

    private static async Task WaitAsync(Func<bool> isTrue)
    {
        using var patience = new CancellationTokenSource(_stuck);
        while (!isTrue())
            await Task.Delay(1, patience.Token);
    }
}
