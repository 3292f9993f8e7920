using System.Collections.Concurrent;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kappa.Grains.Tests;

/// <summary>Grain storage beside the silos, so that it outlives them: bytes by name, with etags as strict as Azure's.</summary>
public sealed class SharedStorage
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string Etag)> _documents = new(StringComparer.Ordinal);
    private long _etags;

    public int Count => _documents.Count;
    public long Writes => Volatile.Read(ref _etags);

    /// <summary>Makes the next operations fail that this says of.</summary>
    public Func<string, bool>? Fails { get; set; }

    public IGrainStorage For(Serializer serializer) => new Silo(this, serializer);

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
            var etag = Interlocked.Increment(ref shared._etags).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var key = Key(stateName, grainId);
            if (grainState.ETag is null ? !shared._documents.TryAdd(key, (bytes, etag)) : !Replace(key, grainState.ETag, (bytes, etag)))
                throw new InconsistentStateException($"{key} was written by another.");
            (grainState.ETag, grainState.RecordExists) = (etag, true);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Check(stateName);
            shared._documents.TryRemove(Key(stateName, grainId), out _);
            (grainState.ETag, grainState.RecordExists) = (null!, false);
            return Task.CompletedTask;
        }

        private static string Key(string name, GrainId grain) => $"{grain}|{name}";

        private bool Replace(string key, string etag, (byte[], string) with) =>
            shared._documents.TryGetValue(key, out var stored) && stored.Etag == etag && shared._documents.TryUpdate(key, with, stored);

        private void Check(string name)
        {
            if (shared.Fails?.Invoke(name) == true)
                throw new IOException($"storage was told to fail at {name}");
        }
    }
}
