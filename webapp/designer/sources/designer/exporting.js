// Gives the drawing as a file: SVG, PNG (twice as large, on white) or the BPMN itself.
import { download } from "./dom.js";
import { written } from "./modeler.js";

export const EXPORTS = {
  async svg(modeler, name) {
    const { svg } = await modeler.saveSVG();
    download(`${name}.svg`, new Blob([svg], { type: "image/svg+xml" }));
  },
  async png(modeler, name) {
    const { svg } = await modeler.saveSVG();
    download(`${name}.png`, await rastered(svg));
  },
  async bpmn(modeler, name) {
    download(`${name}.bpmn`, new Blob([await written(modeler)], { type: "application/xml" }));
  },
};

async function rastered(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
  const pen = sheet.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(image, 0, 0, sheet.width, sheet.height);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}
