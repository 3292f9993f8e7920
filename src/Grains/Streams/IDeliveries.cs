namespace Kappa.Grains.Streams;

/// <summary>Stands between the log and the streams: what it leaves out, repeats or holds back, the auditors must make up for. Tests put one in to see that they do.</summary>
internal interface IDeliveries
{
    List<InstanceRun> Pass(int partition, List<InstanceRun> runs);
}
