using System.Buffers;
using System.Text.Json;

namespace Kappa.Cli.Import;

/// <summary>The log of a running host, through its HTTP API.</summary>
internal sealed class HostTarget(KappaClient client) : IImportTarget
{
    public string Name => client.Address.ToString();

    public async Task<TargetLog> LookAsync(CancellationToken cancellationToken)
    {
        var log = await client.GetAsync("log", cancellationToken);
        var events = log.GetProperty("partitions").EnumerateArray().Sum(partition => partition.GetProperty("next").GetInt64());
        return new TargetLog(log.TryGetProperty("id", out var id) ? id.ToString() : client.Address.ToString(), events);
    }

    public async Task<Appended> AppendAsync(IReadOnlyList<ImportedEvent> events, CancellationToken cancellationToken)
    {
        var batch = new ArrayBufferWriter<byte>(events.Sum(one => one.Json.Length + 1) + 2);
        batch.Write("["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
                batch.Write(","u8);
            batch.Write(events[i].Json.Span);
        }
        batch.Write("]"u8);
        var answer = await client.AppendAsync(batch.WrittenMemory, cancellationToken);
        return new Appended(answer.GetProperty("appended").GetInt64(), answer.GetProperty("duplicates").GetInt64());
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
