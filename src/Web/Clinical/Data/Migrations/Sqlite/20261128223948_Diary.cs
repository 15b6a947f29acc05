using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Diary : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "BlockReason",
                table: "Slots",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsExtra",
                table: "Slots",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Absence",
                table: "Appointments",
                type: "TEXT",
                maxLength: 32,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "BlockReason",
                table: "Slots");

            migrationBuilder.DropColumn(
                name: "IsExtra",
                table: "Slots");

            migrationBuilder.DropColumn(
                name: "Absence",
                table: "Appointments");
        }
    }
}
