namespace Telemedicine.Media.Core;

/// <summary>Takes the snapshot that <see cref="WebRtcTransport.ReadStatisticsAsync"/> gives. On the engine's thread.</summary>
internal static class StatisticsReader
{
    public static TransportStatistics Read(Transport transport, List<Producer> producers, List<Consumer> consumers) => new()
    {
        RoundTripTime = transport.Outgoing?.RoundTrip is { } roundTrip ? Microseconds(roundTrip) : null,
        AvailableOutgoingBitrate = transport.Outgoing?.AvailableBitrate,
        Producers = producers.ConvertAll(Read),
        Consumers = consumers.ConvertAll(Read),
    };

    private static ProducerStatistics Read(Producer producer)
    {
        var track = producer.Track;
        var streams = Enumerable.Range(0, track.Format.Encodings.Count).Select(track.Layer).OfType<IncomingStream>().ToList();
        return new ProducerStatistics
        {
            ProducerId = producer.Id,
            Kind = producer.Kind,
            Bitrate = streams.Sum(stream => stream.BitrateUpTo(stream.TemporalLayers - 1)),
            Packets = streams.Sum(stream => stream.Statistics.Received),
            PacketsLost = streams.Sum(stream => stream.Statistics.Lost),
            FractionLost = streams.Select(stream => stream.Statistics.FractionLost).DefaultIfEmpty().Max(),
            Jitter = Microseconds(streams.Select(stream => stream.Statistics.Jitter).DefaultIfEmpty().Max()),
            Nacks = streams.Sum(stream => stream.NacksSent),
            KeyFrameRequests = streams.Sum(stream => stream.KeyFramesRequested),
            Freezes = streams.Select(stream => stream.Frames.Freezes).DefaultIfEmpty().Max(),
            AudiblePackets = track.Audible,
            Layers = streams.ConvertAll(stream => new LayerStatistics(
                stream.EncodingIndex, stream.TemporalLayers, stream.BitrateUpTo(stream.TemporalLayers - 1), stream.IsAlive)),
        };
    }

    private static ConsumerStatistics Read(Consumer consumer)
    {
        var track = consumer.Track;
        var figures = track.Statistics;
        return new ConsumerStatistics
        {
            ConsumerId = consumer.Id,
            ProducerId = consumer.ProducerId,
            Kind = consumer.Kind,
            Bitrate = figures.Bitrate,
            Packets = figures.Packets,
            PacketsLost = figures.Lost,
            FractionLost = figures.FractionLost,
            Jitter = Microseconds(figures.Jitter * 1_000_000.0 / track.Source.Format.Codec.ClockRate),
            Nacks = figures.Nacks,
            KeyFrameRequests = figures.PictureLosses,
            Retransmitted = figures.Retransmitted,
            Freezes = track.Freezes,
            Layers = track.Current,
            TargetLayers = track.Target,
        };
    }

    private static TimeSpan Microseconds(double microseconds) => TimeSpan.FromMicroseconds(microseconds);
}
