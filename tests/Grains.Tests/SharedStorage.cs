using System.Collections.Concurrent;
using Kappa.Grains.Instances;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kappa.Grains.Tests;

/// <summary>Grain storage beside the silos, so that it outlives them: bytes by name, with etags and sizes as strict as in Azure's tables.</summary>
public sealed class SharedStorage
{
    /// <summary>The name of a service and of a grain are a partition key there: 1 KiB of UTF-16.</summary>
    private const int NameCharactersMax = 512, ServiceCharacters = 64;

    private readonly ConcurrentDictionary<string, (byte[] Bytes, string Etag)> _documents = new(StringComparer.Ordinal);
    private long _etags;

    public int Count => _documents.Count;
    public long Writes => Volatile.Read(ref _etags);

    /// <summary>The largest document: 15 properties of 64 KiB.</summary>
    public int BytesMax { get; set; } = 15 * (64 << 10);

    /// <summary>Makes the next operations fail that this says of.</summary>
    public Func<string, bool>? Fails { get; set; }

    /// <summary>Makes those fail that this says of after they were carried out, as when an answer is lost.</summary>
    public Func<string, bool>? FailsAfter { get; set; }

    /// <summary>The names of all documents: grain and name.</summary>
    public IReadOnlyList<string> Names => [.. _documents.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The name of the document of an account, in the build that was made first.</summary>
    public string InstanceOf(string key) => Names.First(name => name.Contains($"0001.{KeyText.Encode(key)}|instance", StringComparison.Ordinal));

    public byte[] BytesOf(string name) => _documents[name].Bytes;

    /// <summary>Writes as another activation would, or as nobody should.</summary>
    public void Put(string name, byte[] bytes) => _documents[name] = (bytes, NewEtag());

    public void Remove(string name) => _documents.TryRemove(name, out _);

    public IGrainStorage For(Serializer serializer) => new Silo(this, serializer);

    private string NewEtag() => Interlocked.Increment(ref _etags).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Silo(SharedStorage shared, Serializer serializer) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Check(stateName);
            var found = shared._documents.TryGetValue(Key(stateName, grainId), out var stored);
            grainState.State = found ? serializer.Deserialize<T>(stored.Bytes)! : Activator.CreateInstance<T>();
            (grainState.ETag, grainState.RecordExists) = (found ? stored.Etag : null!, found);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Check(stateName);
            var bytes = serializer.SerializeToArray(grainState.State);
            if (bytes.Length > shared.BytesMax || grainId.ToString().Length > NameCharactersMax - ServiceCharacters)
                throw new ArgumentException($"{stateName} of {grainId} is too large with {bytes.Length} bytes, or has too long a name");
            var etag = shared.NewEtag();
            var key = Key(stateName, grainId);
            if (grainState.ETag is null ? !shared._documents.TryAdd(key, (bytes, etag)) : !Replace(key, grainState.ETag, (bytes, etag)))
                throw new InconsistentStateException($"{key} was written by another.");
            (grainState.ETag, grainState.RecordExists) = (etag, true);
            CheckAfter(stateName);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Check(stateName);
            var key = Key(stateName, grainId);
            if (!shared._documents.TryGetValue(key, out var stored) || stored.Etag != grainState.ETag || !shared._documents.TryRemove(KeyValuePair.Create(key, stored)))
                throw new InconsistentStateException($"{key} was written or deleted by another.");
            (grainState.ETag, grainState.RecordExists) = (null!, false);
            CheckAfter(stateName);
            return Task.CompletedTask;
        }

        private static string Key(string name, GrainId grain) => $"{grain}|{name}";

        private bool Replace(string key, string etag, (byte[], string) with) =>
            shared._documents.TryGetValue(key, out var stored) && stored.Etag == etag && shared._documents.TryUpdate(key, with, stored);

        private void CheckAfter(string name)
        {
            if (shared.FailsAfter?.Invoke(name) == true)
                throw new IOException($"storage was told to fail after {name}");
        }

        private void Check(string name)
        {
            if (shared.Fails?.Invoke(name) == true)
                throw new IOException($"storage was told to fail at {name}");
        }
    }
}
