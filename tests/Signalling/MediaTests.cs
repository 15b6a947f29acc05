using System.Text.Json;
using Telemedicine.Media;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;
using Telemedicine.Media.Tests.Ortc;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Who is offered whose tracks, and when, with the real media node behind the hub.</summary>
public sealed class MediaTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task A_transport_is_described_as_mediasoup_client_wants_it()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);

        var transport = await patient.InvokeAsync("CreateTransport", new { direction = "send" });

        Assert.True(Guid.TryParse(transport.GetProperty("id").GetString(), out var _));
        Assert.True(transport.GetProperty("iceParameters").GetProperty("iceLite").GetBoolean());
        Assert.NotEmpty(transport.GetProperty("iceParameters").GetProperty("usernameFragment").GetString() ?? "");
        var candidate = transport.GetProperty("iceCandidates")[0];
        Assert.Equal("udp", candidate.GetProperty("protocol").GetString());
        Assert.Equal("127.0.0.1", candidate.GetProperty("ip").GetString());
        Assert.False(candidate.TryGetProperty("tcpType", out var none), "Nulls are left out.");
        Assert.Equal("auto", transport.GetProperty("dtlsParameters").GetProperty("role").GetString());
        Assert.Equal("sha-256", transport.GetProperty("dtlsParameters").GetProperty("fingerprints")[0].GetProperty("algorithm").GetString());
        var codec = joined.GetProperty("routerRtpCapabilities").GetProperty("codecs")[0];
        Assert.Contains(codec.GetProperty("kind").GetString(), new[] { "audio", "video" });
        Assert.Equal(JsonValueKind.Number, codec.GetProperty("clockRate").ValueKind);
    }

    [Fact]
    public async Task A_waiting_patient_sends_already_and_nobody_receives_it_before_admission()
    {
        var (patient, patientJoined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await World.JoinAsync(ParticipantRole.Clinician);
        var patientMedia = await MediaSide.OpenAsync(patient, patientJoined);
        var clinicianMedia = await MediaSide.OpenAsync(clinician, clinicianJoined);
        await patient.InvokeAsync("ConnectTransport", patientMedia.SendTransport, MediaSide.Dtls);
        Assert.True((await clinician.NextAsync("participantChanged")).GetProperty("participant").GetProperty("microphone").GetBoolean());

        await clinician.InvokeAsync("Admit", World.Consultation);
        var toPatient = await patient.NextAsync("consumerAdded");
        var toClinician = await clinician.NextAsync("consumerAdded");

        Assert.Equal(["phaseChanged", "participantJoined", "consumerAdded"], patient.Messages.Select(ClinicWorld.Type));
        Assert.Equal("phaseChanged", ClinicWorld.Type(clinician.Messages[^2]));
        Assert.Equal("audio", toPatient.GetProperty("kind").GetString());
        Assert.Equal("microphone", toPatient.GetProperty("source").GetString());
        Assert.False(toPatient.GetProperty("producerPaused").GetBoolean());
        Assert.Equal(clinicianMedia.SessionId, toPatient.GetProperty("sessionId").GetString());
        Assert.Equal(World.Clinician.ToString(), toPatient.GetProperty("participantId").GetString());
        Assert.NotEmpty(toPatient.GetProperty("rtpParameters").GetProperty("mid").GetString() ?? "");
        Assert.Equal(patientMedia.SessionId, toClinician.GetProperty("sessionId").GetString());
        Assert.Null(await patient.RefusalAsync("ResumeConsumer", toPatient.GetProperty("consumerId").GetString()));
    }

    [Fact]
    public async Task A_track_is_offered_once_its_receiver_has_a_transport()
    {
        var (patient, patientJoined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        await MediaSide.OpenAsync(patient, patientJoined);
        await ClinicWorld.SayAsync(patient, "Can you see me?");
        await clinician.NextAsync("chat");
        Assert.DoesNotContain(clinician.Messages, message => ClinicWorld.Type(message) == "consumerAdded");

        await MediaSide.CreateTransportAsync(clinician, "receive", clinicianJoined.GetProperty("routerRtpCapabilities"));

        await clinician.NextAsync("consumerAdded");
    }

    [Fact]
    public async Task Muting_and_camera_off_reach_the_other_side()
    {
        var (patient, clinician, _) = await CallAsync();
        var camera = await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "camera");
        var added = await clinician.Connection.NextAsync("consumerAdded", message => message.GetProperty("kind").GetString() == "video");
        var consumer = added.GetProperty("consumerId").GetString();

        await patient.Connection.InvokeAsync("PauseProducer", camera);
        Assert.Equal(consumer, (await clinician.Connection.NextAsync("consumerPaused")).GetProperty("consumerId").GetString());
        var off = (await clinician.Connection.NextAsync("participantChanged")).GetProperty("participant");
        await patient.Connection.InvokeAsync("PauseProducer", camera);
        await patient.Connection.InvokeAsync("ResumeProducer", camera);
        Assert.Equal(consumer, (await clinician.Connection.NextAsync("consumerResumed")).GetProperty("consumerId").GetString());
        var on = (await clinician.Connection.NextAsync("participantChanged")).GetProperty("participant");
        await patient.Connection.InvokeAsync("CloseProducer", camera);
        Assert.Equal(consumer, (await clinician.Connection.NextAsync("consumerRemoved")).GetProperty("consumerId").GetString());

        Assert.False(off.GetProperty("camera").GetBoolean());
        Assert.True(off.GetProperty("microphone").GetBoolean());
        Assert.True(on.GetProperty("camera").GetBoolean());
        Assert.Single(clinician.Connection.Messages, message => ClinicWorld.Type(message) == "consumerPaused");
        Assert.Equal("not-found", await patient.Connection.RefusalAsync("ResumeProducer", camera));
        Assert.Equal("not-found", await clinician.Connection.RefusalAsync("ResumeConsumer", consumer));
    }

    [Fact]
    public async Task A_track_produced_muted_is_offered_muted()
    {
        var (patient, clinician, _) = await CallAsync();

        await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "camera", paused: true);

        var added = await clinician.Connection.NextAsync("consumerAdded", message => message.GetProperty("kind").GetString() == "video");
        Assert.True(added.GetProperty("producerPaused").GetBoolean());
        Assert.DoesNotContain(clinician.Connection.Messages, message =>
            ClinicWorld.Type(message) == "participantChanged" && message.GetProperty("participant").GetProperty("camera").GetBoolean());
    }

    [Fact]
    public async Task A_refreshed_page_makes_new_transports_that_replace_the_old()
    {
        var (patient, clinician, joined) = await CallAsync();
        var oldConsumer = clinician.Connection.Messages.Last(message => ClinicWorld.Type(message) == "consumerAdded").GetProperty("consumerId").GetString();
        patient.Connection.Abort();
        var (back, result) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId = patient.SessionId, lastSequence = joined });
        Assert.True(result.GetProperty("resumed").GetBoolean());

        var fresh = await MediaSide.OpenAsync(back, result);

        Assert.Equal(oldConsumer, (await clinician.Connection.NextAsync("consumerRemoved")).GetProperty("consumerId").GetString());
        Assert.Equal(patient.SessionId, (await clinician.Connection.NextAsync("consumerAdded")).GetProperty("sessionId").GetString());
        await back.NextAsync("consumerRemoved");
        await back.NextAsync("consumerAdded");
        Assert.Equal("not-found", await back.RefusalAsync("PauseProducer", patient.Microphone));
        Assert.Equal("not-found", await back.RefusalAsync("RestartIce", patient.SendTransport));
        Assert.Null(await back.RefusalAsync("PauseProducer", fresh.Microphone));
    }

    [Fact]
    public async Task Media_survives_a_lost_connection_that_comes_back()
    {
        var (patient, clinician, last) = await CallAsync();
        patient.Connection.Abort();
        Assert.Equal("reconnecting", (await clinician.Connection.NextAsync("participantChanged")).GetProperty("participant").GetProperty("state").GetString());

        var (back, _) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId = patient.SessionId, lastSequence = last });

        Assert.Null(await back.RefusalAsync("PauseProducer", patient.Microphone));
        await clinician.Connection.NextAsync("consumerPaused");
        Assert.DoesNotContain(clinician.Connection.Messages, message => ClinicWorld.Type(message) == "consumerRemoved");
    }

    [Fact]
    public async Task A_transport_that_is_lost_takes_its_tracks_along_and_can_be_made_anew()
    {
        var (patient, clinician, _) = await CallAsync();
        var sending = await patient.Connection.InvokeAsync("CreateTransport", new { direction = "send" });
        var transport = sending.GetProperty("id").GetString() ?? "";
        await clinician.Connection.NextAsync("consumerRemoved");
        var microphone = await MediaSide.ProduceAsync(patient.Connection, transport, "audio", "microphone");
        var consumer = (await clinician.Connection.NextAsync("consumerAdded")).GetProperty("consumerId").GetString();
        await IceCheck.SendAsync(sending);

        Host.Time.Advance(TimeSpan.FromSeconds(31));
        // The media worker sleeps by the machine's clock; whatever is asked of it wakes it.
        await patient.Connection.InvokeAsync("RestartIce", patient.ReceiveTransport);

        Assert.Equal(consumer, (await clinician.Connection.NextAsync("consumerRemoved")).GetProperty("consumerId").GetString());
        Assert.False((await clinician.Connection.NextAsync("participantChanged")).GetProperty("participant").GetProperty("microphone").GetBoolean());
        Assert.Equal("not-found", await patient.Connection.RefusalAsync("PauseProducer", microphone));
        Assert.Equal("not-found", await patient.Connection.RefusalAsync("RestartIce", transport));
        var again = await MediaSide.CreateTransportAsync(patient.Connection, "send");
        await MediaSide.ProduceAsync(patient.Connection, again, "audio", "microphone");
        await clinician.Connection.NextAsync("consumerAdded");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16_384, 16_384)]
    public async Task A_page_says_how_large_it_shows_a_picture(int width, int height)
    {
        var (patient, clinician, _) = await CallAsync();
        await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "camera");
        var added = await clinician.Connection.NextAsync("consumerAdded", message => message.GetProperty("kind").GetString() == "video");

        Assert.Null(await clinician.Connection.RefusalAsync("SetShownSize", added.GetProperty("consumerId").GetString(), width, height));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(10, -1)]
    [InlineData(16_385, 10)]
    [InlineData(10, int.MaxValue)]
    public async Task A_size_that_no_screen_has_is_refused(int width, int height)
    {
        var (_, clinician, _) = await CallAsync();
        var consumer = clinician.Connection.Messages.Last(message => ClinicWorld.Type(message) == "consumerAdded").GetProperty("consumerId").GetString();

        Assert.Equal("invalid", await clinician.Connection.RefusalAsync("SetShownSize", consumer, width, height));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(112, 84, 0, 2)]
    [InlineData(352, 198, 0, 2)]
    [InlineData(353, 199, 1, 2)]
    [InlineData(640, 360, 1, 2)]
    [InlineData(396, 900, 1, 2)]
    [InlineData(750, 422, 2, 2)]
    [InlineData(16_384, 16_384, 2, 2)]
    public void A_picture_gets_the_layer_that_fills_its_shorter_side(int width, int height, int spatial, int temporal) =>
        Assert.Equal(new ConsumerLayers(spatial, temporal), new ShownSize(width, height).Layers);

    [Fact]
    public async Task Leaving_takes_the_tracks_along()
    {
        var (patient, clinician, _) = await CallAsync();

        await patient.Connection.InvokeAsync("Leave");

        await clinician.Connection.NextAsync("participantLeft");
        Assert.Equal(["consumerRemoved", "participantLeft"], clinician.Connection.Messages.Select(ClinicWorld.Type).TakeLast(2));
    }

    [Fact]
    public async Task A_page_sends_at_most_four_tracks()
    {
        var (patient, _, _) = await CallAsync();
        for (var track = 0; track < 3; track++)
            await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "camera");

        Assert.Equal("too-many", await patient.Connection.RefusalAsync(
            "Produce", new { transportId = patient.SendTransport, kind = "video", source = "camera", rtpParameters = MediaSide.Vp8() }));
    }

    [Fact]
    public async Task A_person_shares_one_screen_at_a_time_from_all_their_pages()
    {
        var (patient, clinician, _) = await CallAsync();
        var (secondConnection, joined) = await World.JoinAsync(ParticipantRole.Patient);
        var second = await MediaSide.OpenAsync(secondConnection, joined);
        object Screen(MediaSide page) => new { transportId = page.SendTransport, kind = "video", source = "screen", rtpParameters = MediaSide.Vp8() };
        var screen = await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "screen");
        var added = await clinician.Connection.NextAsync("consumerAdded", message => message.GetProperty("source").GetString() == "screen");

        Assert.Equal("conflict", await patient.Connection.RefusalAsync("Produce", Screen(patient)));
        Assert.Equal("conflict", await secondConnection.RefusalAsync("Produce", Screen(second)));
        Assert.Null(await clinician.Connection.RefusalAsync("Produce", Screen(clinician)));

        await patient.Connection.InvokeAsync("CloseProducer", screen);
        var removed = await clinician.Connection.NextAsync("consumerRemoved");
        Assert.Equal(added.GetProperty("consumerId").GetString(), removed.GetProperty("consumerId").GetString());
        Assert.Null(await secondConnection.RefusalAsync("Produce", Screen(second)));
    }

    [Fact]
    public async Task Of_two_screens_shared_at_once_one_stays()
    {
        var (patient, _, _) = await CallAsync();

        var refusals = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => patient.Connection.RefusalAsync(
            "Produce", new { transportId = patient.SendTransport, kind = "video", source = "screen", rtpParameters = MediaSide.Vp8() })));

        Assert.Equal(["conflict"], refusals.OfType<string>());
    }

    [Fact]
    public async Task Media_that_cannot_be_carried_is_refused_in_words()
    {
        var (patient, _, _) = await CallAsync();
        string? send = patient.SendTransport;

        Assert.Equal("invalid", await patient.Connection.RefusalAsync("Produce", new { transportId = send, kind = "video", source = "camera", rtpParameters = MediaSide.Opus() }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("Produce", new { transportId = send, kind = "video", source = "camera", rtpParameters = new { codecs = Array.Empty<object>() } }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("Produce", new { transportId = send, kind = "video", source = "camera", rtpParameters = new { } }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("Produce", new { transportId = send, kind = "video", source = "microphone", rtpParameters = MediaSide.Vp8() }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("Produce", new { transportId = patient.ReceiveTransport, kind = "video", source = "camera", rtpParameters = MediaSide.Vp8() }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("ConnectTransport", send, new { role = "client", fingerprints = Array.Empty<object>() }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("ConnectTransport", send, new { role = "client" }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("ConnectTransport", send, new { }));
        Assert.Equal("invalid", await patient.Connection.RefusalAsync("CreateTransport", new { direction = "receive" }));
        Assert.DoesNotContain(Host.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_cannot_decode_a_track_is_told_so_and_the_rest_goes_on()
    {
        var (patient, clinician, _) = await CallAsync();
        await MediaSide.CreateTransportAsync(clinician.Connection, "receive", JsonSerializer.SerializeToElement(new { codecs = Array.Empty<object>(), headerExtensions = Array.Empty<object>() }));
        await clinician.Connection.NextAsync("consumerRemoved");

        var unavailable = await clinician.Connection.NextAsync("consumerUnavailable");
        Assert.Equal(patient.SessionId, unavailable.GetProperty("sessionId").GetString());
        Assert.Equal(World.Patient.ToString(), unavailable.GetProperty("participantId").GetString());
        Assert.Equal(("audio", "microphone"), (unavailable.GetProperty("kind").GetString(), unavailable.GetProperty("source").GetString()));
        await ClinicWorld.SayAsync(clinician.Connection, "I see nothing.");
        await patient.Connection.NextAsync("chat");

        Assert.Equal("chat", ClinicWorld.Type(clinician.Connection.Messages[^1]));
    }

    [Fact]
    public async Task A_receiver_that_cannot_decode_a_screen_is_told_when_it_is_shared_and_when_no_more()
    {
        var (patient, clinician, _) = await CallAsync();
        var withoutVideo = JsonSerializer.SerializeToElement(new { codecs = new[] { new { kind = "audio", mimeType = "audio/opus", clockRate = 48_000, channels = 2, preferredPayloadType = 111 } } });
        await MediaSide.CreateTransportAsync(clinician.Connection, "receive", withoutVideo);

        var screen = await MediaSide.ProduceAsync(patient.Connection, patient.SendTransport, "video", "screen");
        var unavailable = await clinician.Connection.NextAsync("consumerUnavailable");
        Assert.Equal((patient.SessionId, "screen"), (unavailable.GetProperty("sessionId").GetString(), unavailable.GetProperty("source").GetString()));
        await patient.Connection.InvokeAsync("CloseProducer", screen);

        var ended = await clinician.Connection.NextAsync("consumerUnavailableEnded");
        Assert.Equal((patient.SessionId, "screen"), (ended.GetProperty("sessionId").GetString(), ended.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Both_are_told_whose_voice_is_heard_and_when_it_is_not_any_more()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        var made = (await patient.InvokeAsync("CreateTransport", new { direction = "send" })).Deserialize(MediaJson.Default.TransportParameters);
        Assert.NotNull(made);
        using var peer = new UdpPeer(made);
        await patient.InvokeAsync("ConnectTransport", made.Id, JsonSerializer.SerializeToElement(peer.DtlsParameters, MediaJson.Default.DtlsParameters));
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys);
        var parameters = JsonSerializer.SerializeToElement(TestParameters.Microphone(), MediaJson.Default.RtpParameters);
        var produced = await patient.InvokeAsync("Produce", new { transportId = made.Id, kind = "audio", source = "microphone", rtpParameters = parameters });

        var told = clinician.NextAsync("speakerChanged");
        for (ushort number = 0; !told.IsCompleted && number < 1000; number++)
        {
            peer.SendRtp(TestPackets.Rtp(111, number, number * 960u, 1111, [1, 2], TestPackets.OneByteExtension((1, [20]))));
            // Its answer says that the sound before it has been heard.
            peer.SendCheck(peer.Address, nominate: false);
            peer.Pump();
            Host.Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        var session = joined.GetProperty("sessionId").GetString();
        Assert.Equal(session, (await told).GetProperty("sessionId").GetString());
        Assert.Equal(session, (await patient.NextAsync("speakerChanged")).GetProperty("sessionId").GetString());
        var (_, joinedMeanwhile) = await World.JoinAsync(ParticipantRole.Clinician);
        Assert.Equal(session, joinedMeanwhile.GetProperty("speaker").GetString());
        await patient.InvokeAsync("PauseProducer", produced.GetProperty("id").GetString());
        Assert.False((await clinician.NextAsync("speakerChanged")).TryGetProperty("sessionId", out var nobody), "Nobody speaks.");
        var (_, joinedAfter) = await World.JoinAsync(ParticipantRole.Clinician);
        Assert.False(joinedAfter.TryGetProperty("speaker", out nobody), "Nobody speaks.");
    }

    [Fact]
    public async Task A_second_tab_receives_the_other_person_and_not_oneself()
    {
        var (patient, clinician, _) = await CallAsync();
        var (second, joined) = await World.JoinAsync(ParticipantRole.Patient);

        await MediaSide.OpenAsync(second, joined);

        Assert.Equal(clinician.SessionId, (await second.NextAsync("consumerAdded")).GetProperty("sessionId").GetString());
        await ClinicWorld.SayAsync(patient.Connection, "Which of me do you see?");
        await second.NextAsync("chat");
        Assert.Single(second.Messages, message => ClinicWorld.Type(message) == "consumerAdded");
    }

    [Fact]
    public async Task After_everyone_left_a_new_call_can_begin_in_the_same_room()
    {
        var (patient, clinician, _) = await CallAsync();
        await patient.Connection.InvokeAsync("Leave");
        await clinician.Connection.InvokeAsync("Leave");

        var (back, joined) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        var (clinicianBack, clinicianJoined) = await World.JoinAsync(ParticipantRole.Clinician);
        await MediaSide.OpenAsync(back, joined);
        await MediaSide.OpenAsync(clinicianBack, clinicianJoined);

        await back.NextAsync("consumerAdded");
        await clinicianBack.NextAsync("consumerAdded");
    }

    [Fact]
    public async Task Many_consultations_of_a_clinic_use_media_at_once()
    {
        var worlds = Enumerable.Range(0, 10).Select(_ => new ClinicWorld(Host)).ToList();

        var calls = await Task.WhenAll(worlds.Select(CallAsync));

        Assert.Equal(20, calls.SelectMany(call => new[] { call.Patient.SessionId, call.Clinician.SessionId }).Distinct().Count());
    }

    private Task<(MediaSide Patient, MediaSide Clinician, long LastOfPatient)> CallAsync() => CallAsync(World);

    /// <summary>Both in the call, each receiving the other's microphone.</summary>
    private static async Task<(MediaSide Patient, MediaSide Clinician, long LastOfPatient)> CallAsync(ClinicWorld world)
    {
        var (patient, patientJoined) = await world.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await world.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", world.Consultation);
        var patientMedia = await MediaSide.OpenAsync(patient, patientJoined);
        var clinicianMedia = await MediaSide.OpenAsync(clinician, clinicianJoined);
        await clinician.NextAsync("consumerAdded");
        var last = await patient.NextAsync("consumerAdded");
        return (patientMedia, clinicianMedia, last.GetProperty("sequence").GetInt64());
    }
}
