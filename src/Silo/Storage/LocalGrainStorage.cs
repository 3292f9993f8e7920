using System.Globalization;
using Kappa.Log;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Kappa.Silo.Storage;

/// <summary>Grain storage in a <see cref="DocumentFile"/>, for the profile without Azure; all silos of the process share one.</summary>
internal sealed class LocalGrainStorage(DocumentFile file, Serializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (file.Read(Name(stateName, grainId)) is { } found)
            (grainState.State, grainState.ETag, grainState.RecordExists) = (serializer.Deserialize<T>(found.Bytes)!, found.Etag.ToString(CultureInfo.InvariantCulture), true);
        else
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null!, false);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var name = Name(stateName, grainId);
        var etag = file.Write(name, serializer.SerializeToArray(grainState.State), grainState.ETag is { } known ? long.Parse(known, CultureInfo.InvariantCulture) : 0);
        if (etag == 0)
            throw new InconsistentStateException($"{name} was written by another activation.");
        (grainState.ETag, grainState.RecordExists) = (etag.ToString(CultureInfo.InvariantCulture), true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        file.Delete(Name(stateName, grainId));
        (grainState.ETag, grainState.RecordExists) = (null!, false);
        return Task.CompletedTask;
    }

    private static string Name(string state, GrainId grain) => $"{grain}|{state}";
}
